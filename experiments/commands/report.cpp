#include "experiments/commands/report.hpp"

#include <array>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/report/budget/run_budget.hpp"
#include "common/report/explain/find_cell.hpp"
#include "common/report/lifecycle/lifecycle_text.hpp"
#include "common/report/seeds/seed_table.hpp"
#include "common/report/serving/serving_section.hpp"
#include "common/report/statement/report.hpp"
#include "common/report/statement/statement.hpp"
#include "common/run/analysis_file.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/life_options.hpp"
#include "experiments/commands/priced_settings.hpp"
#include "experiments/commands/report_page.hpp"
#include "experiments/commands/report_sweep.hpp"
#include "experiments/commands/several_page.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/lookup/idle_options.hpp"
#include "experiments/lookup/record_lookup.hpp"
#include "experiments/sweep/sweep_file.hpp"
#include "experiments/watching/watch_run.hpp"

namespace fedgram::experiments {

namespace {

using Json = nlohmann::ordered_json;

constexpr auto any_bytes = Json::error_handler_t::replace;  // a path may be in such

std::string one_text(const std::filesystem::path& folder, const PricedRun& priced,
                     const std::optional<report::Lifecycle>& lives = {})
{
    return report::report(priced.table, priced.run) + report::serving_section(run::read_analyses(folder)) +
           (lives ? "\nLife cycle\n" + report::lifecycle_text(*lives) : std::string{});
}

Json one_json(const std::filesystem::path& folder, const PricedRun& priced,
              const std::optional<report::Lifecycle>& lives = {})
{
    auto json = report::report_json(priced.table, priced.run);
    json["serving"] = report::serving_json(run::read_analyses(folder));
    if (lives) json["lifecycle"] = report::lifecycle_json(*lives);
    return json;
}

/// On the page the reader may choose how many predictions there are: it begins with an assumption where nobody said.
/// Nothing where the run has no model that could be used.
std::optional<report::PageLife> life_of_page(const std::filesystem::path& folder, const PricedRun& priced,
                                             const ReportOptions& options)
{
    if (!options.life.predictions.empty())
        return report::PageLife{lives_of(folder, priced, options.assumptions, options.life)};
    auto assumed = options.life;
    assumed.predictions = "1e6/day";
    assumed.on_device = "edge";
    try {
        return report::PageLife{lives_of(folder, priced, options.assumptions, assumed), report::PlanOrigin::assumed};
    } catch (const Error& error) {
        std::cerr << "the life cycle is left out: " << error.what() << "\n";
        return std::nullopt;
    }
}

void refuse_life(const ReportOptions& options, const std::string& why)
{
    if (!options.life.predictions.empty())
        throw SpecError{"--predictions: a life is of one run's models; name one run folder, not " + why};
}

int report_one(const ReportOptions& options)
{
    const auto priced = priced_run(options.runs.front(), options.assumptions);
    refuse_idle_options(std::array{&priced});
    const auto& folder = options.runs.front();
    if (options.html) {
        write_report_page(folder, priced, options.data_folder, life_of_page(folder, priced, options), *options.html);
        std::cerr << "the report is in " << options.html->string() << "\n";
        return 0;
    }
    if (!options.model_card.empty()) {
        std::cout << report::model_card(priced.table,
                                        report::find_cell(priced.table, options.model_card, country_names()));
        return 0;
    }
    std::optional<report::Lifecycle> lives;
    if (!options.life.predictions.empty()) lives = lives_of(folder, priced, options.assumptions, options.life);
    std::cout << (options.json ? one_json(folder, priced, lives).dump(2, ' ', false, any_bytes) + "\n"
                               : one_text(folder, priced, lives));
    return 0;
}

std::vector<report::SeededTable> seeded(const PricedSetting& group)
{
    std::vector<report::SeededTable> tables;
    for (const auto& priced : group.priced) tables.push_back({&priced.table, priced.run.seed});
    return tables;
}

std::string joined_folders(const PricedSetting& group)
{
    std::string text;
    for (const auto& folder : group.folders) text += (text.empty() ? "" : ", ") + folder.string();
    return text;
}

Json statements(const PricedSetting& group)
{
    std::vector<report::StatedRun> stated;
    auto seeds = Json::array();
    auto folders = Json::array();
    for (const auto& folder : group.folders) folders.push_back(folder.string());
    for (const auto& priced : group.priced) {
        stated.push_back({&priced.table, &priced.run});
        seeds.push_back(priced.run.seed);
    }
    auto list = Json::array();
    const auto& columns = group.priced.front().table.columns;
    for (std::size_t j = 0; j < columns.size(); ++j)
        list.push_back({{"column", columns[j].heading},
                        {"runs", folders},
                        {"seeds", seeds},
                        {"statement", report::statement(stated, j)}});
    return list;
}

int report_several(const ReportOptions& options)
{
    refuse_life(options, std::to_string(options.runs.size()));
    if (!options.model_card.empty())
        throw SpecError{"--model-card: a card is of one run's cell; name one run folder, not " +
                        std::to_string(options.runs.size())};
    std::vector<report::RunBudget> budgets;
    for (const auto& folder : options.runs) {
        for (const auto& read : budgets)
            if (std::filesystem::equivalent(read.folder, folder))
                throw SpecError{folder.string() + " is named twice and would count twice; name each run once"};
        budgets.push_back(report::read_run_budget(folder));
    }
    const auto same = priced_settings(budgets, options.assumptions);
    if (options.html) {
        write_several_page(same, budgets, *options.html);
        std::cerr << "the report is in " << options.html->string() << "\n";
        return 0;
    }

    Json json{{"budget", report::budget_json(budgets)},
              {"seeds", Json::array()},
              {"statements", Json::array()},
              {"reports", Json::array()}};
    auto text = report::budget_text(budgets);
    for (const auto& group : same) {
        if (group.priced.size() == 1) continue;
        text += "\nOf " + joined_folders(group) + "\n" + report::seed_table(seeded(group));
        json["seeds"].push_back(report::seed_json(seeded(group)));
    }
    for (const auto& group : same) {
        text += "\nStatements on " + joined_folders(group) + "; " +
                group.priced.front().table.accounting.countries.front().name + "\n";
        for (auto& stated : statements(group)) {
            text += stated["column"].get<std::string>() + "\n  " + stated["statement"].get<std::string>() + "\n";
            json["statements"].push_back(std::move(stated));
        }
    }
    for (const auto& group : same)
        for (std::size_t i = 0; i < group.priced.size(); ++i) {
            text += "\n" + group.folders[i].string() + "\n" + one_text(group.folders[i], group.priced[i]);
            json["reports"].push_back({{"run", group.folders[i].string()}});
            json["reports"].back().update(one_json(group.folders[i], group.priced[i]));
        }
    std::cout << (options.json ? json.dump(2, ' ', false, any_bytes) + "\n" : text);
    return 0;
}

int write_event_files(const std::vector<std::filesystem::path>& runs)
{
    for (const auto& folder : runs) {
        const auto files = write_tensorboard(folder);
        std::cerr << "the event files are in " << files.string() << "\n";
    }
    return 0;
}

}  // namespace

int report(const ReportOptions& options)
{
    if (options.tensorboard) return write_event_files(options.runs);
    for (const auto& folder : options.runs) {
        if (!is_sweep_folder(folder)) continue;
        refuse_life(options, "a sweep; `fedgram lifecycle` takes the winner of a search");
        if (options.runs.size() == 1) return report_sweep(options);
        throw SpecError{folder.string() + " is a sweep, which is reported by itself; name runs of " +
                        (folder / "runs").string() + ", or the sweep alone"};
    }
    return options.runs.size() == 1 ? report_one(options) : report_several(options);
}

void add_report(CommandSet& commands)
{
    const auto options = std::make_shared<ReportOptions>();
    const auto sub = commands.add("report", "Write runs up: their budget, accuracy per gram, statements for a paper",
                                  "  fedgram report results/mine --countries DEU\n"
                                  "  fedgram report results/seed-1 results/seed-2 results/crashed --json\n"
                                  "  fedgram report results/mine --html mine.html\n"
                                  "  fedgram report results/mine --predictions 1e6/day --years 2\n"
                                  "  fedgram report results/seed-1 results/seed-2 --html seeds.html\n"
                                  "  fedgram report results/my-sweep --html sweep.html\n"
                                  "  fedgram report results/mine --model-card USA/noniid",
                                  report, options);
    sub.option("runs", &options->runs,
               "Folders of runs, of several also the budget over all, failed ones included; or of a sweep")
        .required()
        .type_name("DIR");
    add_assumptions(sub, options->assumptions);
    const auto life = add_life_options(sub, options->life, Predictions::optional);
    const auto card = sub.option("--model-card", &options->model_card,
                                 "One cell, COUNTRY/COLUMN, as co2_eq_emissions of a model card, in YAML")
                          .type_name("CELL")
                          .excludes(life);
    const auto html =
        sub.option("--html", &options->html,
                   "Write a page to this file, which opens without a network: table, charts and chains of a run, or "
                   "what several have in common and where they differ, or the map and front of a sweep")
            .type_name("FILE");
    html.excludes(card);
    const auto tensorboard = sub.flag("--tensorboard", &options->tensorboard,
                                      "Write the rounds as event files of TensorBoard, into each run's folder "
                                      "tensorboard");
    tensorboard.excludes(card).excludes(html).excludes(life);
    add_data_folder(sub, options->data_folder);
    add_json(sub, options->json).excludes(card).excludes(html).excludes(tensorboard);
}

}  // namespace fedgram::experiments
