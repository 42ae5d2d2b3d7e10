#include "experiments/sweep/sweep_report.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/text/csv_field.hpp"
#include "common/text/number_text.hpp"
#include "experiments/sweep/run_result.hpp"
#include "experiments/sweep/statistics.hpp"

namespace fedgram::experiments {

using carbon::shortest;
using nlohmann::ordered_json;

namespace {

std::string csv_line(const std::vector<std::string>& cells)
{
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) line += (i == 0 ? "" : ",") + carbon::csv_field(cells[i]);
    return line + "\n";
}

/// Keys, then what is to be told of each row.
std::vector<std::string> heading(const SweepPlan& plan, const std::vector<std::string>& before,
                                 const std::vector<std::string>& after)
{
    auto result = before;
    for (const auto& [key, values] : plan.grid) result.push_back(key);
    result.insert(result.end(), after.begin(), after.end());
    return result;
}

std::vector<SweepRow> trainings_of(const ordered_json& summary, const SweepRun& run)
{
    std::vector<SweepRow> rows;
    for (const auto& training : summary.at("trainings")) {
        auto& row = rows.emplace_back();
        row.run = run;
        row.training = training.at("label");
        row.kind = training.at("kind");
        if (!training.at("reached_target").is_null()) row.reached_target = training.at("reached_target").get<bool>();
        row.test_accuracy = training.at("test_accuracy");
        row.best_test_accuracy = training.at("best_test_accuracy");
        row.rounds = training.at("rounds");
        row.virtual_seconds = training.at("virtual_seconds");
    }
    return rows;
}

/// The training's first cell: the first country, device and PUE.
const ordered_json& first_cell(const ordered_json& table, const std::filesystem::path& path, const std::string& label)
{
    const auto& cells = table.at("cells");
    const auto found = std::ranges::find_if(cells, [&](const auto& cell) { return cell.at("training") == label; });
    if (found == cells.end()) throw DataError{path.string() + ": no cell of the training " + label};
    return *found;
}

double spent(const ordered_json& cell)
{
    return (cell.at("gco2e").is_null() ? cell.at("spent_gco2e") : cell.at("gco2e")).get<double>();
}

template <class Value>
std::string mean_text(const std::vector<const SweepRow*>& rows, Value value, double factor = 1)
{
    std::vector<double> values;
    for (const auto* row : rows) values.push_back(static_cast<double>(row->*value) * factor);
    const auto [mean, deviation] = statistics(values);
    const auto text = carbon::significant(mean);
    if (!deviation) return text;
    // To as many places as the mean has.
    const auto point = text.find('.');
    const auto places = point == std::string::npos ? 0 : static_cast<int>(text.size() - point - 1);
    return text + " ± " + carbon::fixed(*deviation, places);
}

std::string reached_text(const std::vector<const SweepRow*>& rows)
{
    if (!rows.front()->reached_target) return "no target";
    const auto reached = std::ranges::count_if(rows, [](const auto* row) { return row->reached_target == true; });
    return std::to_string(reached) + " of " + std::to_string(rows.size());
}

}  // namespace

std::vector<SweepRow> read_rows(const SweepRun& run, const std::filesystem::path& folder)
{
    auto rows = from_result(folder / "summary.json", [&](const auto& summary) { return trainings_of(summary, run); });
    const auto table = folder / "table.json";
    return from_result(table, [&](const auto& json) {
        for (auto& row : rows) {
            const auto& cell = first_cell(json, table, row.training);
            row.country = cell.at("country");
            row.column = cell.at("column");
            row.spent_gco2e = spent(cell);
        }
        return std::move(rows);
    });
}

std::string sweep_csv(const SweepPlan& plan, const std::vector<SweepRow>& rows)
{
    auto text = csv_line(heading(plan, {"run"},
                                 {"seed", "training", "kind", "reached_target", "test_accuracy", "best_test_accuracy",
                                  "rounds", "virtual_seconds", "country", "column", "spent_gco2e"}));
    for (const auto& row : rows) {
        std::vector<std::string> cells{row.run.name};
        cells.insert(cells.end(), row.run.values.begin(), row.run.values.end());
        const auto reached = !row.reached_target ? "" : *row.reached_target ? "true" : "false";
        for (const auto& cell :
             {std::to_string(row.run.seed), row.training, row.kind, std::string{reached}, shortest(row.test_accuracy),
              shortest(row.best_test_accuracy), std::to_string(row.rounds), shortest(row.virtual_seconds), row.country,
              row.column, shortest(row.spent_gco2e)})
            cells.push_back(cell);
        text += csv_line(cells);
    }
    return text;
}

TextTable sweep_table(const SweepPlan& plan, const std::vector<SweepRow>& rows)
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
    TextTable table{
        heading(plan, {}, {"training", "reached target", "rounds", "best accuracy %", "gCO2e spent" + where})};
    for (const auto& [first, members] : groups) {
        auto cells = first->run.values;
        cells.push_back(first->training);
        cells.push_back(reached_text(members));
        cells.push_back(mean_text(members, &SweepRow::rounds));
        cells.push_back(mean_text(members, &SweepRow::best_test_accuracy, 100));
        cells.push_back(mean_text(members, &SweepRow::spent_gco2e));
        table.add(std::move(cells));
    }
    return table;
}

}  // namespace fedgram::experiments
