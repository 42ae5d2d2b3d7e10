#include "common/report/page/several_data.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/report/figure/accuracy_curves.hpp"
#include "common/report/figure/over_seeds.hpp"
#include "common/report/page/machine_json.hpp"
#include "common/report/seeds/seed_table.hpp"
#include "common/report/statement/answer.hpp"
#include "common/report/statement/answer_over_seeds.hpp"
#include "common/report/statement/least_setting.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::report {

namespace {

using Json = nlohmann::ordered_json;

std::vector<PlottedRun> all_runs(std::span<const SettingOfPage> settings)
{
    std::vector<PlottedRun> runs;
    for (const auto& setting : settings) runs.insert(runs.end(), setting.runs.begin(), setting.runs.end());
    return runs;
}

std::vector<SeededTable> seeded(const SettingOfPage& setting)
{
    std::vector<SeededTable> tables;
    for (const auto& run : setting.runs) tables.push_back({run.table, run.run->seed});
    return tables;
}

// The answers ----------------------------------------------------------------------------------------------------

// A training's first column without a meter stands for it: the others are the same work on other devices.
std::vector<std::size_t> first_columns(const Table& table)
{
    std::vector<std::size_t> columns;
    for (std::size_t j = 0; j < table.columns.size(); ++j) {
        const auto same = [&](std::size_t other) { return table.columns[other].training == table.columns[j].training; };
        if (!table.columns[j].measured && std::ranges::none_of(columns, same)) columns.push_back(j);
    }
    return columns;
}

std::vector<std::string> first_headings(std::span<const SettingOfPage> settings)
{
    std::vector<std::string> headings;
    for (const auto& setting : settings) {
        const auto& table = *setting.runs.front().table;
        for (const auto j : first_columns(table))
            if (std::ranges::count(headings, table.columns[j].heading) == 0)
                headings.push_back(table.columns[j].heading);
    }
    return headings;
}

std::string answer_in_column(std::span<const SettingOfPage> settings, const std::string& heading)
{
    std::vector<SettingGrams> with_result;
    std::size_t left_out = 0;
    for (const auto& setting : settings) {
        const auto& columns = setting.runs.front().table->columns;
        const auto found = std::ranges::find(columns, heading, &Column::heading);
        if (found == columns.end()) continue;
        const auto cells = seed_cells(seeded(setting));  // those of the first country come first
        const auto& cell = cells[static_cast<std::size_t>(found - columns.begin())];
        if (cell.reached == setting.runs.size())
            with_result.push_back({setting.name, *cell.grams});
        else
            ++left_out;
    }
    return heading + ": " + least_setting(std::move(with_result), left_out);
}

std::vector<std::string> answers(std::span<const SettingOfPage> settings)
{
    if (settings.size() == 1) return {answer_over_seeds(seeded(settings.front()))};
    std::vector<std::string> sentences;
    for (const auto& heading : first_headings(settings)) sentences.push_back(answer_in_column(settings, heading));
    return sentences;
}

std::string question_of(std::span<const SettingOfPage> settings, const std::string& country)
{
    const auto& table = *settings.front().runs.front().table;
    if (settings.size() == 1) return question(table);
    return "Which of " + std::to_string(settings.size()) + " settings of " + table.name + " emits least in " + country +
           "?";
}

// The accuracies -------------------------------------------------------------------------------------------------

bool has_accuracy(const PlottedRun& run)
{
    return std::ranges::any_of(*run.rounds, [](const auto& line) { return line.evaluation.has_value(); });
}

struct Curves {
    Figure rounds, time, joules, grams;
};

Curves curves_of(std::span<const PlottedRun> runs, std::span<const RunsOfSeeds> groups)
{
    return {over_seeds(accuracy_by_rounds(runs), groups), over_seeds(accuracy_by_time(runs), groups),
            over_seeds(accuracy_by_joules(runs), groups), over_seeds(accuracy_by_grams(runs), groups)};
}

const Curve& curve_of(const Figure& figure, const std::string& setting, const std::string& name)
{
    const auto& curves = std::get<AccuracyCurves>(figure.content).curves;
    return *std::ranges::find_if(
        curves, [&](const auto& curve) { return curve.source.run == setting && curve.source.name == name; });
}

Json curve_json(const Curves& curves, const std::string& setting, const Table& table, std::size_t column)
{
    const auto& priced = table.columns[column];
    const auto& label = table.outcome(priced).label;
    const auto& rounds = curve_of(curves.rounds, setting, label);
    Json json{{"setting", setting},
              {"training", label},
              {"column", priced.heading},
              {"missed", rounds.source.missed},
              {"round", Json::array()},
              {"seeds", Json::array()},
              {"test_accuracy", Json::array()},
              {"deviation", Json::array()},
              {"least", Json::array()},
              {"most", Json::array()},
              {"virtual_seconds", Json::array()},
              {"joules", Json::array()},
              {"gco2e", Json::array()}};
    for (const auto& point : rounds.points) {
        const auto& over = *point.over_seeds;
        json["round"].push_back(point.round);
        json["seeds"].push_back(over.count);
        json["test_accuracy"].push_back(over.mean);
        json["deviation"].push_back(over.standard_deviation ? Json(*over.standard_deviation) : Json(nullptr));
        json["least"].push_back(over.least);
        json["most"].push_back(over.most);
    }
    const std::pair<const char*, const Curve&> spent[] = {
        {"virtual_seconds", curve_of(curves.time, setting, label + ", " + priced.device)},
        {"joules", curve_of(curves.joules, setting, priced.heading)},
        {"gco2e", curve_of(curves.grams, setting, priced.heading)}};
    for (const auto& [key, curve] : spent)
        for (const auto& point : curve.points) json[key].push_back(point.spent);
    return json;
}

// Nothing of runs without accuracies, as imported ones may be.
Json curves_json(std::span<const SettingOfPage> settings)
{
    std::vector<PlottedRun> runs;
    std::vector<RunsOfSeeds> groups;
    std::vector<const Table*> tables;
    for (const auto& [name, members] : settings) {
        RunsOfSeeds group{name, {}};
        for (const auto& run : members) {
            if (!has_accuracy(run)) continue;
            runs.push_back(run);
            group.runs.push_back(run.name);
        }
        if (group.runs.empty()) continue;
        groups.push_back(std::move(group));
        tables.push_back(members.front().table);
    }
    auto list = Json::array();
    if (runs.empty()) return list;
    const auto curves = curves_of(runs, groups);
    for (std::size_t i = 0; i < groups.size(); ++i)
        for (const auto column : first_columns(*tables[i]))
            list.push_back(curve_json(curves, groups[i].name, *tables[i], column));
    return list;
}

// The rest -------------------------------------------------------------------------------------------------------

Json settings_json(std::span<const SettingOfPage> settings)
{
    auto list = Json::array();
    for (const auto& setting : settings) {
        const auto& table = *setting.runs.front().table;
        auto folders = Json::array();
        auto countries = Json::array();
        auto columns = Json::array();
        for (const auto& run : setting.runs) folders.push_back(run.name);
        for (const auto& country : table.accounting.countries)
            countries.push_back({{"iso3", country.iso3}, {"name", country.name}});
        for (const auto& column : table.columns) columns.push_back(column.heading);
        list.push_back({{"name", setting.name},
                        {"target_accuracy", table.target ? Json(*table.target) : Json(nullptr)},
                        {"runs", std::move(folders)},
                        {"countries", std::move(countries)},
                        {"columns", std::move(columns)},
                        {"table", seed_json(seeded(setting))}});
    }
    return list;
}

std::string setting_of(std::span<const SettingOfPage> settings, const std::string& folder)
{
    for (const auto& setting : settings)
        if (std::ranges::count(setting.runs, folder, &PlottedRun::name) > 0) return setting.name;
    return "";
}

Json runs_json(const SeveralInputs& inputs)
{
    auto list = Json::array();
    for (const auto& [budget, summary] : inputs.runs) {
        const auto folder = budget.folder.string();
        list.push_back({{"run", folder},
                        {"seed", budget.seed},
                        {"state", name(budget.state)},
                        {"setting", setting_of(inputs.settings, folder)},
                        {"machine", summary ? machine_json(*summary) : Json(nullptr)}});
    }
    return list;
}

Json notes_json(std::span<const SettingOfPage> settings)
{
    auto notes = Json::array();
    for (const auto& run : all_runs(settings))
        for (const auto& note : run.run->notes) notes.push_back(run.name + ": " + note);
    return notes;
}

}  // namespace

Json several_data(const SeveralInputs& inputs)
{
    const auto country = first_country(all_runs(inputs.settings));
    std::vector<RunBudget> budgets;
    for (const auto& run : inputs.runs) budgets.push_back(run.budget);
    const auto& table = *inputs.settings.front().runs.front().table;
    auto budget = budget_json(budgets);
    budget["notes"] = budget_notes(budgets);
    return {{"format", 1},
            {"fedgram", inputs.version},
            {"title", table.title() + ", " + std::to_string(inputs.runs.size()) + " runs"},
            {"question", question_of(inputs.settings, country)},
            {"evaluated_on", run::name(table.evaluated_on)},
            {"answers", answers(inputs.settings)},
            {"notes", notes_json(inputs.settings)},
            {"country", country},
            {"settings", settings_json(inputs.settings)},
            {"curves", curves_json(inputs.settings)},
            {"budget", std::move(budget)},
            {"runs", runs_json(inputs)}};
}

}  // namespace fedgram::report
