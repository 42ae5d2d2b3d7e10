#include <algorithm>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/run/analysis_file.hpp"
#include "common/text/csv_field.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"
#include "experiments/analysis/goal_text.hpp"
#include "experiments/analysis/journal.hpp"
#include "experiments/analyzing/analysis_report.hpp"
#include "experiments/analyzing/answer_text.hpp"
#include "experiments/analyzing/costs_table.hpp"
#include "experiments/analyzing/profile_figures.hpp"

namespace fedgram::experiments {

namespace {

using Json = nlohmann::ordered_json;
using analysis::Metric;

std::string best_table(const AnalysisReport& report)
{
    const bool has_clients =
        std::ranges::any_of(report.devices, [](const auto& one) { return one.second.client_s.has_value(); });
    std::vector<std::string> heading{"",         "device", "model",     "batch", "instances",
                                     "delay us", "load",   "answers/s", "p99 ms"};
    if (has_clients) heading.emplace_back("clients saw");
    for (const auto* name : {"of requests", "memory MB", "accuracy", "J/1000", "g/1000", "idle", "constraints"})
        heading.emplace_back(name);
    text::TextTable table{heading};
    const auto add = [&](const std::string& rank, const analysis::Standing& standing,
                         const std::optional<text::Band>& band) {
        const auto& [probe, measured] = standing.best;
        const auto& configuration = probe.configuration;
        std::vector<std::string> cells{rank,
                                       configuration.device,
                                       report.variants[configuration.variant].name,
                                       std::to_string(configuration.max_batch),
                                       std::to_string(configuration.instances),
                                       std::to_string(configuration.queue_delay_us),
                                       load_text(probe.load),
                                       text::significant(measured.throughput_per_s),
                                       optional_text(analysis::value_of(measured, Metric::p99))};
        const auto& client = report.devices.at(configuration.device).client_s;
        if (has_clients) cells.push_back(client ? milliseconds_text(*client) : "-");
        for (auto& cell :
             {std::to_string(measured.latency.requests), optional_text(measured.memory_bytes, 1e-6),
              measured.accuracy ? text::percent(*measured.accuracy) : "-", banded_text(measured.joules_per_1000, band),
              banded_text(measured.grams_per_1000, grams_band(band, measured.joules_per_1000, measured.grams_per_1000)),
              share_text(measured.idle_share),
              std::string{!measured.stable             ? "not stable"
                          : standing.keeps_constraints ? "kept"
                                                       : "broken"}})
            cells.push_back(cell);
        table.add(std::move(cells));
    };
    for (std::size_t i = 0; i < report.result.best.size(); ++i)
        add(std::to_string(i + 1), report.result.best[i], report.joules_bands[i]);
    if (report.result.by_default) add("default", *report.result.by_default, report.default_joules_band);
    return table.text();
}

std::string constraints_line(const AnalysisReport& report)
{
    const auto constraints = analysis::constraints_text(report.goal);
    return constraints.empty() ? "No constraints.\n" : "Constraints: " + constraints + ".\n";
}

std::string standing_text(const LoadRow& row)
{
    if (row.p99_unknown) return p99_unknown_text(*row.requests);
    return row.keeps_constraints ? "kept" : "broken";
}

std::string loads_table(const AnalysisReport& report)
{
    text::TextTable table{
        {"", "load", "requests/s", "devices", "p99 ms", "of requests", "J/1000", "g/1000", "idle", "constraints"}};
    for (std::size_t i = 0; i < report.loads.size(); ++i)
        for (const auto& row : report.loads[i])
            table.add(
                {std::to_string(i + 1), row.load + (row.stable ? "" : ", not stable"),
                 text::significant(row.per_second), std::to_string(row.devices), optional_text(row.p99_ms),
                 row.requests ? std::to_string(*row.requests) : "-", banded_text(row.joules_per_1000, row.joules_band),
                 banded_text(row.grams_per_1000, grams_band(row.joules_band, row.joules_per_1000, row.grams_per_1000)),
                 share_text(row.idle_share), standing_text(row)});
    return table.text();
}

Json optional_json(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

/// Of `prefix`joules_per_1000 and `prefix`gco2e_per_1000.
void add_band(Json& json, const std::string& prefix, const std::optional<text::Band>& joules_band,
              const std::optional<double>& joules, const std::optional<double>& grams)
{
    const auto add = [&](const std::string& key, const std::optional<text::Band>& band) {
        json["low_" + prefix + key] = band ? Json(band->low) : Json(nullptr);
        json["high_" + prefix + key] = band ? Json(band->high) : Json(nullptr);
    };
    add("joules_per_1000", joules_band);
    add("gco2e_per_1000", grams_band(joules_band, joules, grams));
}

void add_network_band(Json& json, const ServingPrices& prices, const analysis::Costs& costs)
{
    const auto band = prices.network ? prices.network->band : std::nullopt;
    add_band(json, "network_", band, costs.network_joules, costs.network_grams);
}

Json load_json(const AnalysisReport& report, const LoadRow& row)
{
    Json json{{"load", row.load},
              {"requests_per_s", row.per_second},
              {"devices", row.devices},
              {"p99_ms", optional_json(row.p99_ms)},
              {"requests", row.requests ? Json(*row.requests) : Json(nullptr)},
              {"joules_per_1000", optional_json(row.joules_per_1000)},
              {"gco2e_per_1000", optional_json(row.grams_per_1000)},
              {"idle_share", optional_json(row.idle_share)},
              {"core_seconds_per_1000", optional_json(row.core_seconds_per_1000)},
              {"usd_per_1000", optional_json(row.costs.usd)},
              {"device_seconds_per_1000", optional_json(row.costs.device_seconds)},
              {"busy_share", optional_json(row.costs.busy_share)},
              {"network_joules_per_1000", optional_json(row.costs.network_joules)},
              {"network_gco2e_per_1000", optional_json(row.costs.network_grams)},
              {"stable", row.stable},
              {"keeps_constraints", row.p99_unknown ? Json(nullptr) : Json(row.keeps_constraints)}};
    add_band(json, "", row.joules_band, row.joules_per_1000, row.grams_per_1000);
    add_network_band(json, report.prices, row.costs);
    return json;
}

/// The server, its costs and how far its joules may be off.
void add_costs(Json& json, const DeviceSummary& device, const analysis::Measurement& measured,
               const std::optional<text::Band>& band)
{
    json["sku"] = device.sku;
    json["usd_for"] = device.usd == UsdBasis::unknown ? Json(nullptr) : Json(name(device.usd));
    json["client_s"] = device.client_s ? energy::to_json(*device.client_s) : Json(nullptr);
    add_band(json, "", band, measured.joules_per_1000, measured.grams_per_1000);
}

Json standing_json(const AnalysisReport& report, const analysis::Standing& standing,
                   const std::optional<text::Band>& band)
{
    const auto& [probe, measured] = standing.best;
    auto json = analysis::to_json(standing.best);
    json["p99_ms"] = optional_json(analysis::value_of(measured, Metric::p99));  // as the goal counts it
    json["model"] = report.variants[probe.configuration.variant].name;
    json["configuration"] = analysis::configuration_text(probe.configuration, report.variants);
    json["keeps_constraints"] = standing.keeps_constraints;
    add_costs(json, report.devices.at(standing.best.probe.configuration.device), standing.best.measurement, band);
    add_network_band(json, report.prices, standing.best.measurement.costs);
    auto curve = Json::array();
    for (const auto& point : standing.curve)
        curve.push_back({{point.load.kind == analysis::Load::Kind::rate ? "rate" : "concurrency", point.load.amount},
                         {"p99_ms", point.p99_ms},
                         {"throughput_per_s", point.throughput_per_s},
                         {"memory_bytes", optional_json(point.memory_bytes)}});
    json["curve"] = curve;
    return json;
}

}  // namespace

std::string analysis_tables(const AnalysisReport& report)
{
    if (report.result.best.empty()) return {};
    return best_table(report) + constraints_line(report) + "\nJoules of 1000 answers by load:\n" + loads_table(report) +
           "\nCosts of 1000 answers, by SKU and load:\n" + costs_table(report);
}

std::string analysis_text(const AnalysisReport& report)
{
    auto text = report.sentence + "\n\n";
    if (const auto tables = analysis_tables(report); !tables.empty()) text += tables + "\n";
    for (const auto& note : report.notes) text += note + "\n";
    return text + (report.shows_figures ? figures_text(report.profiles) : "");
}

Json analysis_json(const AnalysisReport& report)
{
    const auto& prices = report.prices;
    const auto& place = prices.place;
    Json json{{"format", run::newest_analysis_format},
              {"model", report.model},
              {"devices", report.space.devices},
              {"goal", analysis::goal_text(report.goal)},
              {"sentence", report.sentence},
              {"version", FEDGRAM_VERSION},
              {"country", place ? Json(place->country) : Json(nullptr)},
              {"country_is_stated", place ? Json(place->is_stated) : Json(nullptr)},
              {"grid_gco2e_per_kwh", prices.grid ? Json(prices.grid->count()) : Json(nullptr)},
              {"grid_source", place ? Json(place->source) : Json(nullptr)},
              {"pue", prices.pue},
              {"stated_rate_per_s", optional_json(report.stated_per_s)},
              {"measurements", report.result.measurements},
              {"configurations", report.result.configurations},
              {"kept_measurements", report.kept_measurements},
              {"percent_better", optional_json(report.result.percent_better)},
              {"constraints", Json::array()},
              {"objectives", Json::array()},
              {"best", Json::array()}};
    for (const auto& [metric, bound] : report.goal.constraints)
        json["constraints"].push_back({{"metric", analysis::metric_name(metric)},
                                       {analysis::more_is_better(metric) ? "at_least" : "at_most", bound}});
    for (const auto& [metric, weight] : report.goal.objectives)
        json["objectives"].push_back({{"metric", analysis::metric_name(metric)}, {"weight", weight}});
    for (std::size_t i = 0; i < report.result.best.size(); ++i) {
        auto best = standing_json(report, report.result.best[i], report.joules_bands[i]);
        best["loads"] = Json::array();
        for (const auto& row : report.loads[i]) best["loads"].push_back(load_json(report, row));
        json["best"].push_back(best);
    }
    json["default"] = report.result.by_default
                          ? standing_json(report, *report.result.by_default, report.default_joules_band)
                          : Json(nullptr);
    json["notes"] = report.notes;
    json["figures"] = figures_json(report.profiles);
    return json;
}

std::string analysis_json_text(const AnalysisReport& report)
{
    // The folder of a run, by which its model is called, may be in any bytes.
    return analysis_json(report).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string analysis_csv(const AnalysisReport& report, std::span<const analysis::JournalEntry> entries)
{
    std::string csv =
        "device,model,numbers,max_batch,instances,queue_delay_us,concurrency,rate_per_s,throughput_per_s,p50_ms,p90_ms,"
        "p95_ms,p99_ms,mean_ms,mean_queue_ms,requests,refused,memory_bytes,accuracy,joules_per_1000,gco2e_per_1000,"
        "idle_share,"
        "core_seconds_per_1000,usd_per_1000,device_seconds_per_1000,busy_share,network_joules_per_1000,"
        "network_gco2e_per_1000,sku,usd_for,client_s,stable,keeps_constraints,failure\n";
    const auto number = [](const std::optional<double>& value) { return value ? text::shortest(*value) : ""; };
    for (const auto& [probe, measured] : entries) {
        const auto& [configuration, load] = probe;
        const auto& variant = report.variants[configuration.variant];
        const auto& device = report.devices.at(configuration.device);
        const auto amount = text::shortest(load.amount);
        const bool is_rate = load.kind == analysis::Load::Kind::rate;
        const bool ran = measured.failure.empty();
        csv += text::csv_field(configuration.device) + "," + text::csv_field(variant.name) + "," + variant.number_type +
               "," + std::to_string(configuration.max_batch) + "," + std::to_string(configuration.instances) + "," +
               std::to_string(configuration.queue_delay_us) + "," + (is_rate ? "" : amount) + "," +
               (is_rate ? amount : "") + "," + (ran ? text::shortest(measured.throughput_per_s) : "") + "," +
               number(measured.latency.p50_ms) + "," + number(measured.latency.p90_ms) + "," +
               number(measured.latency.p95_ms) + "," + number(measured.latency.p99_ms) + "," +
               number(measured.latency.mean_ms) + "," + number(measured.latency.mean_queue_ms) + "," +
               std::to_string(measured.latency.requests) + "," + std::to_string(measured.refused) + "," +
               number(measured.memory_bytes) + "," + number(measured.accuracy) + "," +
               number(measured.joules_per_1000) + "," + number(measured.grams_per_1000) + "," +
               number(measured.idle_share) + "," + number(measured.core_seconds_per_1000) + "," +
               number(measured.costs.usd) + "," + number(measured.costs.device_seconds) + "," +
               number(measured.costs.busy_share) + "," + number(measured.costs.network_joules) + "," +
               number(measured.costs.network_grams) + "," + text::csv_field(device.sku) + "," +
               std::string{name(device.usd)} + "," + (device.client_s ? number(device.client_s->value) : "") + "," +
               (measured.stable ? "yes" : "no") + "," + (ran && analysis::keeps(report.goal, measured) ? "yes" : "no") +
               "," + text::csv_field(measured.failure) + "\n";
    }
    return csv;
}

}  // namespace fedgram::experiments
