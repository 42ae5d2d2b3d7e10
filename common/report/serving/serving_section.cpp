#include "common/report/serving/serving_section.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/text/banded_number.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"

namespace fedgram::report {

namespace {

using Json = nlohmann::ordered_json;
using run::Analysis;
using run::AnalyzedConfiguration;

constexpr const char* unknown = "-";

std::string known(const std::optional<double>& value, double times = 1)
{
    return value ? text::significant(*value * times) : unknown;
}

/// "0.11 (0.024-0.38)"
std::string banded(const std::optional<double>& value, const std::optional<text::Band>& band)
{
    return value && band && band->is_known() ? text::banded(*value, *band) + " (" + text::band_text(*band) + ")"
                                             : known(value);
}

/// A row of a table, by heading.
using Row = std::vector<std::pair<std::string, std::string>>;

/// Without the columns that nothing is known of.
std::string table_text(const std::vector<Row>& rows)
{
    if (rows.empty()) return {};
    std::vector<std::vector<std::string>> columns;
    for (std::size_t i = 0; i < rows.front().size(); ++i) {
        std::vector<std::string> column{rows.front()[i].first};
        for (const auto& row : rows) column.push_back(row[i].second);
        if (std::any_of(column.begin() + 1, column.end(), [](const auto& cell) { return cell != unknown; }))
            columns.push_back(std::move(column));
    }
    const auto line = [&](std::size_t at) {
        std::vector<std::string> cells;
        for (const auto& column : columns) cells.push_back(column[at]);
        return cells;
    };
    text::TextTable table{line(0)};
    for (std::size_t at = 1; at <= rows.size(); ++at) table.add(line(at));
    return table.text();
}

void add_costs(Row& row, const run::AnswerCosts& costs)
{
    const auto idle = costs.idle_share;
    row.insert(row.end(), {{"J/1000", banded(costs.joules, costs.joules_band)},
                           {"g/1000", banded(costs.grams, costs.grams_band)},
                           {"idle", idle ? text::fixed(*idle * 100, 0) + " %" : unknown},
                           {"core-s/1000", known(costs.core_seconds)},
                           {"device-s/1000", known(costs.device_seconds)},
                           {"USD/1000", known(costs.usd)},
                           {"network J/1000", banded(costs.network_joules, costs.network_joules_band)},
                           {"network g/1000", banded(costs.network_grams, costs.network_grams_band)}});
}

/// With the ranks of the best, and the default last.
std::vector<std::pair<std::string, const AnalyzedConfiguration*>> ranked(const Analysis& analysis)
{
    std::vector<std::pair<std::string, const AnalyzedConfiguration*>> all;
    for (const auto& one : analysis.best) all.emplace_back(std::to_string(all.size() + 1), &one);
    if (analysis.by_default) all.emplace_back("default", &*analysis.by_default);
    return all;
}

std::string best_table(const Analysis& analysis)
{
    std::vector<Row> rows;
    for (const auto& [rank, one] : ranked(analysis)) {
        Row row{{"", rank},
                {"constraints", !one->stable             ? "not stable"
                                : one->keeps_constraints ? "kept"
                                                         : "broken"},
                {"device", one->device},
                {"configuration", one->words},
                {"load", one->load},
                {"answers/s", text::significant(one->throughput_per_s)},
                {"p99 ms", known(one->p99_ms)},
                {"of requests", std::to_string(one->requests)},
                {"memory MB", known(one->memory_bytes, 1e-6)},
                {"accuracy", one->accuracy ? text::percent(*one->accuracy) : unknown}};
        add_costs(row, one->costs);
        rows.push_back(std::move(row));
    }
    return table_text(rows);
}

std::string standing_text(const run::AnalyzedLoad& load)
{
    if (!load.keeps_constraints) return "p99 unknown";
    return *load.keeps_constraints ? "kept" : "broken";
}

std::string loads_table(const Analysis& analysis)
{
    std::vector<Row> rows;
    for (const auto& [rank, one] : ranked(analysis))
        for (const auto& load : one->loads) {
            Row row{{"", rank},
                    {"constraints", standing_text(load)},
                    {"load", load.load + (load.stable ? "" : ", not stable")},
                    {"requests/s", text::significant(load.requests_per_s)},
                    {"devices", std::to_string(load.devices)},
                    {"p99 ms", known(load.p99_ms)},
                    {"of requests", load.requests ? std::to_string(*load.requests) : unknown}};
            add_costs(row, load.costs);
            rows.push_back(std::move(row));
        }
    return table_text(rows);
}

std::string analysis_text(const Analysis& analysis)
{
    auto text = analysis.name + ": " + analysis.model + " on " + text::joined(analysis.devices, ", ") + "; " +
                analysis.goal + ". " + analysis.sentence + "\n";
    if (!analysis.best.empty()) text += best_table(analysis) + "By load, of 1000 answers\n" + loads_table(analysis);
    for (const auto& note : analysis.notes) text += note + "\n";
    return text;
}

/// "FRA at 40.5 gCO2e/kWh"; empty of one without grams.
std::string grid_text(const Analysis& analysis)
{
    if (analysis.grid)
        return analysis.grid->country + " at " + text::significant(analysis.grid->gco2e_per_kwh) + " gCO2e/kWh";
    const bool has_grams =
        std::ranges::any_of(analysis.best, [](const auto& one) { return one.costs.grams.has_value(); });
    return has_grams ? "a grid that it doesn't name" : "";
}

/// Where grams are of several grids, whose each analysis's are.
std::string grids_line(std::span<const Analysis> analyses)
{
    std::set<std::string> grids;
    std::vector<std::string> words;
    for (const auto& analysis : analyses)
        if (const auto grid = grid_text(analysis); !grid.empty()) {
            grids.insert(grid);
            words.push_back(analysis.name + " of " + grid);
        }
    if (grids.size() < 2) return {};
    return "\nGrams of these analyses don't compare, as they are of different grids: " + text::joined(words, "; ") +
           ".\n";
}

}  // namespace

std::string serving_section(std::span<const Analysis> analyses)
{
    if (analyses.empty()) return {};
    std::string text = "\nServing, as `fedgram analyze` found\n";
    for (const auto& analysis : analyses) text += (&analysis == analyses.data() ? "" : "\n") + analysis_text(analysis);
    return text + grids_line(analyses);
}

Json serving_json(std::span<const Analysis> analyses)
{
    auto json = Json::array();
    for (const auto& analysis : analyses) {
        json.push_back({{"analysis", analysis.name}});
        json.back().update(*analysis.json);
    }
    return json;
}

}  // namespace fedgram::report
