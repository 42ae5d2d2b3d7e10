#include "experiments/sweep/sweep_report.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/report/seeds/statistics.hpp"
#include "common/run/damaged_file.hpp"
#include "common/run/json_file.hpp"
#include "common/run/summary.hpp"
#include "common/spec/strict_object.hpp"
#include "common/text/csv_field.hpp"
#include "common/text/number_text.hpp"
#include "experiments/sweep/run_result.hpp"
#include "experiments/sweep/sweep_means.hpp"

namespace fedgram::experiments {

using nlohmann::ordered_json;
using text::shortest;

namespace {

std::string csv_line(const std::vector<std::string>& cells)
{
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) line += (i == 0 ? "" : ",") + text::csv_field(cells[i]);
    return line + "\n";
}

/// Keys, then what is to be told of each row.
std::vector<std::string> heading(const SweepPlan& plan, const std::vector<std::string>& before,
                                 const std::vector<std::string>& after)
{
    auto result = before;
    for (const auto& key : plan.keys) result.push_back(key.key);
    result.insert(result.end(), after.begin(), after.end());
    return result;
}

std::vector<SweepRow> trainings_of(const run::RunSummary& summary, const SweepRun& run)
{
    std::vector<SweepRow> rows;
    for (const auto& training : summary.trainings) {
        auto& row = rows.emplace_back();
        row.run = run;
        row.training = training.label;
        row.kind = name(training.kind);
        row.reached_target = training.reached_target;
        row.diverged = training.diverged();
        row.evaluated_on = training.evaluated_on;
        row.test_accuracy = training.test_accuracy;
        row.best_test_accuracy = training.best_test_accuracy;
        row.node_test = training.node_test;
        row.rounds = training.rounds;
        row.virtual_seconds = training.virtual_seconds.count();
    }
    return rows;
}

/// Adds the training's first cell in table.json: the first country, device and PUE.
void add_first_cell(const std::filesystem::path& path, const ordered_json& json, SweepRow& row)
{
    spec::StrictObject table{json, path.string() + ": table"};
    const auto& cells = table.list("cells");
    for (std::size_t i = 0; i < cells.size(); ++i) {
        spec::StrictObject cell{cells[i], table.path_of("cells", i)};
        if (cell.text("training") != row.training) continue;
        row.country = cell.text("country");
        row.column = cell.text("column");
        row.spent_gco2e = cell.number(cell.value("gco2e").is_null() ? "spent_gco2e" : "gco2e", spec::not_negative);
        if (!cell.value("low_gco2e").is_null())
            row.band = {cell.number("low_gco2e", spec::not_negative), cell.number("high_gco2e", spec::not_negative)};
        return;
    }
    throw DataError{path.string() + ": no cell of the training " + row.training};
}

template <class Value>
std::string mean_text(const std::vector<const SweepRow*>& rows, Value value, double factor = 1)
{
    std::vector<double> values;
    for (const auto* row : rows) values.push_back(static_cast<double>(row->*value) * factor);
    return report::mean_text(report::statistics(values));
}

/// The mean of the lows and that of the highs; empty where no run has a result, or no figure a band.
std::string band_text(const std::vector<const SweepRow*>& rows)
{
    std::vector<double> lows, highs;
    for (const auto* row : rows)
        if (row->band) {
            lows.push_back(row->band->low);
            highs.push_back(row->band->high);
        }
    if (lows.empty()) return {};
    return text::band_text({report::statistics(lows).mean, report::statistics(highs).mean});
}

// "0.0402 ± 0.0011", or "> 0.0402" where a run ended at so much without its target.
std::string grams_text(const std::vector<const SweepRow*>& rows)
{
    const auto grams = grams_to_target(rows);
    return grams.is_lower_bound() ? "> " + text::significant(grams.mean) : mean_text(rows, &SweepRow::spent_gco2e);
}

std::string interval_text(const std::vector<const SweepRow*>& rows)
{
    const auto interval = grams_to_target(rows).interval;
    return interval ? text::band_text({std::max(0.0, interval->low), interval->high}) : std::string{};
}

std::string reached_text(const std::vector<const SweepRow*>& rows)
{
    const auto diverged = std::ranges::count_if(rows, [](const auto* row) { return row->diverged; });
    const auto more = diverged > 0 ? ", " + std::to_string(diverged) + " diverged" : std::string{};
    if (!rows.front()->reached_target) return "no target" + more;
    const auto reached = std::ranges::count_if(rows, [](const auto* row) { return row->reached_target == true; });
    return std::to_string(reached) + " of " + std::to_string(rows.size()) + more;
}

}  // namespace

std::vector<SweepRow> read_rows(const SweepRun& run, const std::filesystem::path& folder)
{
    auto rows = trainings_of(of_sweep_run([&] { return run::read_summary(folder); }), run);
    const auto path = folder / "table.json";
    const auto json = of_sweep_run([&] { return run::read_json_file(path); });
    run::of_file([&] {
        for (auto& row : rows) add_first_cell(path, json, row);
    });
    return rows;
}

std::string sweep_csv(const SweepPlan& plan, const std::vector<SweepRow>& rows)
{
    const std::string on{name(rows.empty() ? run::EvaluationSet::test : rows.front().evaluated_on)};
    auto text =
        csv_line(heading(plan, {"run"},
                         {"seed", "training", "kind", "reached_target", on + "_accuracy", "best_" + on + "_accuracy",
                          "rounds", "virtual_seconds", "country", "column", "spent_gco2e", "diverged", "low_gco2e",
                          "high_gco2e", "node_mean_accuracy", "node_worst_tenth_accuracy"}));
    for (const auto& row : rows) {
        std::vector<std::string> cells{row.run.name};
        cells.insert(cells.end(), row.run.values.begin(), row.run.values.end());
        const auto reached = !row.reached_target ? "" : *row.reached_target ? "true" : "false";
        for (const auto& cell :
             {std::to_string(row.run.seed), row.training, row.kind, std::string{reached}, shortest(row.test_accuracy),
              shortest(row.best_test_accuracy), std::to_string(row.rounds), shortest(row.virtual_seconds), row.country,
              row.column, shortest(row.spent_gco2e), std::string{row.diverged ? "true" : "false"},
              row.band ? shortest(row.band->low) : "", row.band ? shortest(row.band->high) : "",
              row.node_test ? shortest(row.node_test->mean()) : "",
              row.node_test ? shortest(row.node_test->worst_tenth()) : ""})
            cells.push_back(cell);
        text += csv_line(cells);
    }
    return text;
}

text::TextTable sweep_table(const SweepPlan& plan, const std::vector<SweepRow>& rows)
{
    // Rows of one group differ in their seed alone; groups stand in the order of their first row.
    using Group = std::pair<const SweepRow*, std::vector<const SweepRow*>>;
    std::vector<Group> groups;
    for (const auto& row : rows) {
        const auto same = [&](const Group& group) {
            return group.first->run.values == row.run.values && group.first->training == row.training;
        };
        auto found = std::ranges::find_if(groups, same);
        if (found == groups.end()) found = groups.insert(groups.end(), {&row, {}});
        found->second.push_back(&row);
    }
    const auto where = rows.empty() ? std::string{} : " (" + rows.front().country + ")";
    text::TextTable table{heading(
        plan, {}, {"training", "reached target", "rounds", "best accuracy %", "gCO2e" + where, "95 % CI", "low-high"})};
    for (const auto& [first, members] : groups) {
        auto cells = first->run.values;
        cells.push_back(first->training);
        cells.push_back(reached_text(members));
        cells.push_back(mean_text(members, &SweepRow::rounds));
        cells.push_back(mean_text(members, &SweepRow::best_test_accuracy, 100));
        cells.push_back(grams_text(members));
        cells.push_back(interval_text(members));
        cells.push_back(band_text(members));
        table.add(std::move(cells));
    }
    return table;
}

}  // namespace fedgram::experiments
