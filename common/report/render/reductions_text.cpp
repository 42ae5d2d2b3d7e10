#include "common/report/render/reductions_text.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include <nlohmann/json.hpp>

#include "common/run/reduction_file.hpp"
#include "common/text/banded_number.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"

namespace fedgram::report {

namespace {

using Json = nlohmann::ordered_json;

std::string thousands(std::uint64_t count) { return text::significant(static_cast<double>(count) / 1e3); }
std::string millions(std::uint64_t count)
{
    return count == 0 ? "0" : text::significant(static_cast<double>(count) / 1e6);
}

std::string points(const std::optional<double>& change)
{
    if (!change) return "-";
    const auto text = text::fixed(100 * *change, 2);
    return *change > 0 ? "+" + text : text;
}

std::vector<std::string> model_row(const ReductionRow& row)
{
    const auto& figures = row.figures;
    const bool has_levers = !row.levers.empty();
    return {row.label,
            has_levers ? row.levers : "-",
            text::fixed(100 * figures.accuracy, 2),
            points(row.accuracy_change),
            thousands(figures.stored_bytes),
            thousands(figures.update_bytes),
            millions(figures.inference.float_ops),
            millions(figures.inference.int8_ops),
            thousands(figures.inference.peak_activation_bytes),
            has_levers ? text::significant(row.one_off.count()) : "-",
            has_levers ? text::significant(row.one_off_grams.count()) : "-"};
}

std::optional<double> idle_share(const energy::InferenceEnergy& energy)
{
    return energy.idle ? std::optional{energy.idle->count() / energy.sum().count()} : std::nullopt;
}

/// A row for each model, and a column for each device.
template <class Text>
TextRows by_device(const Table& table, const std::string& corner, const Text& text_of)
{
    const auto& reductions = table.reductions;
    if (reductions.rows.empty()) return {};
    TextRows result{{{corner}}, {}};
    for (const auto& device : reductions.devices) result.rows.front().push_back(device_words(device));
    for (const auto& row : reductions.rows) {
        auto& texts = result.rows.emplace_back(std::vector{row.label});
        for (const auto& request : row.requests) texts.push_back(request.cost.energy ? text_of(row, request) : "-");
    }
    return result;
}

/// Why a device has no number: once for each kind of number that it can't compute, and for each model that it can't
/// hold.
std::string not_able(const Reductions& reductions)
{
    std::vector<std::string> reasons;
    for (std::size_t i = 0; i < reductions.devices.size(); ++i)
        for (const auto& row : reductions.rows)
            if (const auto& cost = row.requests[i].cost; !cost.energy)
                reasons.push_back(cost.is_too_large ? row.label + " on " + cost.why_not : cost.why_not);
    return reasons.empty() ? "" : " Not able: " + text::joined_once(reasons, "; ") + ".";
}

/// The devices of which some model is priced so.
std::string devices_by(const Reductions& reductions, energy::RequestBasis basis)
{
    std::vector<std::string> devices;
    for (std::size_t i = 0; i < reductions.devices.size(); ++i) {
        const auto is_so = [&](const ReductionRow& row) {
            const auto& energy = row.requests[i].cost.energy;
            return energy && energy->basis == basis;
        };
        if (std::ranges::any_of(reductions.rows, is_so)) devices.push_back(reductions.devices[i].device.id());
    }
    return devices.empty() ? std::string{} : text::joined(devices);
}

/// Which devices are priced otherwise than by what was measured of their inference.
std::string priced_otherwise(const Reductions& reductions)
{
    const auto trained = devices_by(reductions, energy::RequestBasis::training);
    const auto served = devices_by(reductions, energy::RequestBasis::served);
    return (trained.empty() ? "" : " As training is priced, by the device profile: float32 on " + trained + ".") +
           (served.empty() ? "" : " By a serving record, as an analysis prices a batch of 1: " + served + ".");
}

/// Where one device can't keep up, how many the load takes: the models of each number together.
std::string more_devices(const Reductions& reductions)
{
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < reductions.devices.size(); ++i) {
        std::map<std::uint64_t, std::vector<std::string>, std::greater<>> models;
        for (const auto& row : reductions.rows)
            if (const auto& energy = row.requests[i].cost.energy; energy && energy->instances > 1)
                models[energy->instances].push_back(row.label);
        for (const auto& [count, labels] : models)
            parts.push_back(std::to_string(count) + " " + reductions.devices[i].device.id() + " for " +
                            text::joined(labels));
    }
    return parts.empty() ? "" : " One device can't keep up: it takes " + text::joined(parts, "; ") + ".";
}

bool has_mixed(const Reductions& reductions)
{
    return std::ranges::any_of(reductions.rows, [](const ReductionRow& row) {
        return std::ranges::any_of(row.requests, &RequestCost::is_mixed);
    });
}

Json request_json(const RequestDevice& device, const RequestCost& request)
{
    Json json{{"device", device.device.id()}, {"pue", device.pue ? Json(*device.pue) : Json(nullptr)}};
    const auto& energy = request.cost.energy;
    if (!energy) {
        json["joules_per_1000"] = nullptr;
        json["why_not"] = request.cost.why_not;
        json["too_large"] = request.cost.is_too_large;
        return json;
    }
    const auto or_null = [](const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); };
    json["joules_per_1000"] = 1000 * request.joules.count();
    json["gco2e_per_1000"] = 1000 * request.grams.count();
    json["low_gco2e_per_1000"] = 1000 * request.gram_band.low;
    json["high_gco2e_per_1000"] = 1000 * request.gram_band.high;
    json["idle_share"] = or_null(idle_share(*energy));
    json["computing_by"] = energy::name(energy->basis);
    json["service_seconds"] = energy->service.count();
    json["instances"] = energy->instances;
    json["comparable"] = request.is_comparable;
    json["break_even_predictions"] = or_null(request.break_even);
    json["mixed"] = request.is_mixed;
    return json;
}

}  // namespace

std::string rate_words(double per_second)
{
    return text::shortest(per_second) + (per_second == 1 ? " request" : " requests") + " a second";
}

std::string device_words(const RequestDevice& device)
{
    return device.pue ? device.device.id() + ", PUE " + text::shortest(*device.pue) : device.device.id();
}

std::string section_of(const TextRows& table)
{
    if (table.rows.empty()) return {};
    text::TextTable grid{table.rows.front()};
    for (std::size_t i = 1; i < table.rows.size(); ++i) grid.add(table.rows[i]);
    return "\n" + grid.text() + (table.note.empty() ? "" : table.note + "\n") +
           (table.way_out.empty() ? "" : table.way_out + "\n");
}

TextRows reduced_models(const Table& table)
{
    const auto& reductions = table.reductions;
    if (reductions.rows.empty()) return {};
    const auto& country = table.accounting.countries[reductions.country];
    TextRows result{{{"Reduced models", "levers", "accuracy, %", "change", "file, kB", "update, kB", "MFLOP",
                      "int8 Mop", "peak kB", "one-off J", "gCO2e " + country.iso3}},
                    {}};
    for (const auto& row : reductions.rows) result.rows.push_back(model_row(row));
    result.note =
        "File: the model as it is stored, all included. Update: what a node would send in a round, float32 of all that "
        "isn't pruned. MFLOP, int8 Mop: of one inference, on a device that computes densely: pruned weights save it "
        "nothing. Peak: activations at batch 1 while the operator runs that needs most: what it reads, what it fills "
        "and "
        "what is kept for a later one, such as a residual's shortcut. Change: by the lever and its own training "
        "together; fine-tune of all layers is the control, as much training without a lever. One-off: that training "
        "and its passes, on " +
        reductions.one_off_device + ".";
    return result;
}

TextRows request_joules(const Table& table)
{
    auto result = by_device(table, "J per 1000 inferences", [](const ReductionRow&, const RequestCost& request) {
        const auto& energy = *request.cost.energy;
        const double with_pue = request.joules.count() / energy.sum().count();
        return text::significant(1000 * with_pue * energy.busy.count()) + " + " +
               (energy.idle ? text::significant(1000 * with_pue * energy.idle->count()) : "?");
    });
    if (!result.rows.empty())
        result.note = "Computing + waiting for the next request, at " + rate_words(table.reductions.per_second) +
                      ", one at a time on each device; with PUE. Waiting is most of it at a low load, and no lever "
                      "saves that." +
                      more_devices(table.reductions) + priced_otherwise(table.reductions) + not_able(table.reductions);
    if (!not_able(table.reductions).empty())
        result.way_out =
            "`fedgram table RUN --inference-devices ID` prices them on another device; `fedgram devices` lists the "
            "numbers that each computes in.";
    return result;
}

TextRows request_grams(const Table& table)
{
    return by_device(table, "gCO2e " + table.accounting.countries[table.reductions.country].iso3 + " per 1000",
                     [](const ReductionRow&, const RequestCost& request) {
                         const auto* const more = request.cost.energy->idle ? "" : "> ";  // waiting isn't known
                         const text::Band band{1000 * request.gram_band.low, 1000 * request.gram_band.high};
                         const auto range = text::band_text(band);
                         return more + text::banded(1000 * request.grams.count(), band) +
                                (range.empty() ? "" : " (" + range + ")");
                     });
}

TextRows request_break_even(const Table& table)
{
    auto result = by_device(table, "Pays after", [](const ReductionRow& row, const RequestCost& request) {
        if (row.levers.empty() || !request.is_comparable) return std::string{"-"};
        return (request.break_even ? text::significant(*request.break_even) : "never") + (request.is_mixed ? "*" : "");
    });
    if (!result.rows.empty())
        result.note =
            std::string{
                "So many inferences save the grams that the levers took. Never: they save none there. -: a training's "
                "own model, or one of the two can't be computed there."} +
            (has_mixed(table.reductions)
                 ? " *: int8 as its inference was measured there, beside float32 as training is priced there; no one "
                   "measurement holds both."
                 : "");
    return result;
}

std::string reductions_section(const Table& table)
{
    return section_of(reduced_models(table)) + section_of(request_joules(table)) + section_of(request_grams(table)) +
           section_of(request_break_even(table));
}

Json reduction_notes_json(const Table& table)
{
    return {{"models", reduced_models(table).note},
            {"joules", request_joules(table).note},
            {"break_even", request_break_even(table).note}};
}

Json reduction_row_json(const Table& table, const Reductions& reductions, const ReductionRow& row)
{
    Json model{{"label", row.label}, {"training", table.trainings[row.training].outcome.label}};
    if (!row.levers.empty()) {
        model["levers"] = row.levers;
        model["accuracy_change"] = *row.accuracy_change;
        model["one_off_joules"] = row.one_off.count();
        model["one_off_gco2e"] = row.one_off_grams.count();
        model["reduction"] = run::to_json(row.result);
    }
    model["figures"] = run::to_json(row.figures);
    model["inference"] = Json::array();
    for (std::size_t i = 0; i < reductions.devices.size(); ++i)
        model["inference"].push_back(request_json(reductions.devices[i], row.requests[i]));
    return model;
}

Json reductions_json(const Table& table, std::optional<std::size_t> training)
{
    const auto& reductions = table.reductions;
    Json json{{"per_second", reductions.per_second},
              {"one_off_device", reductions.one_off_device},
              {"country", table.accounting.countries[reductions.country].iso3},
              {"models", Json::array()}};
    for (const auto& row : reductions.rows)
        if (!training || row.training == *training)
            json["models"].push_back(reduction_row_json(table, reductions, row));
    return json;
}

}  // namespace fedgram::report
