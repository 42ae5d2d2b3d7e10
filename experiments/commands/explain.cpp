#include "experiments/commands/explain.hpp"

#include <array>
#include <iostream>
#include <memory>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/report/explain/explain.hpp"
#include "common/report/explain/find_cell.hpp"
#include "common/report/explain/reductions_chain.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/lookup/idle_options.hpp"
#include "experiments/lookup/record_lookup.hpp"
#include "experiments/lookup/zero_grids.hpp"

namespace fedgram::experiments {

namespace {

// Whom to credit for the grids of the cell's places.
std::set<std::string> attributions(const report::Table& table, const report::Cell& cell)
{
    std::set<std::string> result;
    for (std::size_t i = 0; i < cell.intensities.size(); ++i)
        if (const auto credit = grid_attribution(table.place(cell, i).source)) result.insert(*credit);
    return result;
}

std::set<std::string> zero_grids(const report::Table& table, const report::Cell& cell)
{
    std::set<std::string> result;
    for (std::size_t i = 0; i < cell.intensities.size(); ++i)
        if (const auto note = zero_grid_note(table.place(cell, i)); !note.empty()) result.insert(note);
    return result;
}

report::Figures figures_of(const ExplainOptions& options)
{
    return options.figures ? report::Figures::shown : report::Figures::left_out;
}

int explain_reduction(const PricedRun& priced, const report::ChosenReduction& reduction, const ExplainOptions& options)
{
    const auto& [run, table, idle] = priced;
    const auto& grid = table.accounting.countries[reduction.country];
    const auto credit = grid_attribution(grid.source);
    if (options.json) {
        auto json = report::explain_reduction_json(table, run, reduction);
        json["grid_attributions"] = nlohmann::ordered_json::array();
        if (credit) json["grid_attributions"].push_back(*credit);
        std::cout << json.dump(2) << "\n";
        return 0;
    }
    std::cout << report::explain_reduction(table, run, reduction, figures_of(options));
    if (credit) std::cout << "Grid: " << *credit << "\n";
    if (const auto note = zero_grid_note(grid); !note.empty()) std::cout << "Grid: " << note << "\n";
    return 0;
}

// Where there are smaller models, the name may have been meant to be one of theirs.
const report::Cell& chosen_cell(const report::Table& table, const std::string& name)
{
    const auto find = [&]() -> const report::Cell& { return report::find_cell(table, name, country_names()); };
    const auto reductions = report::reduction_names(table);
    return reductions.empty() ? find() : with_way_out<SpecError>("smaller models are " + reductions, find);
}

}  // namespace

int explain(const ExplainOptions& options)
{
    const auto priced = priced_run(options.run, options.assumptions);
    refuse_idle_options(std::array{&priced});
    const auto& [run, table, idle] = priced;
    if (const auto reduction = report::find_reduction(table, options.cell, country_names()))
        return explain_reduction(priced, *reduction, options);
    const auto& cell = chosen_cell(table, options.cell);
    const auto credits = attributions(table, cell);
    if (options.json) {
        auto json = report::explain_json(table, run, cell);
        json["emissions"]["grid_attributions"] = credits;
        std::cout << json.dump(2) << "\n";
        return 0;
    }
    std::cout << report::explain(table, run, cell, figures_of(options));
    for (const auto& credit : credits) std::cout << "Grid: " << credit << "\n";
    for (const auto& note : zero_grids(table, cell)) std::cout << "Grid: " << note << "\n";
    return 0;
}

void add_explain(CommandSet& commands)
{
    const auto options = std::make_shared<ExplainOptions>();
    const auto sub = commands.add("explain", "Show the whole chain of one cell of a run's table, to redo it by hand",
                                  "  fedgram explain results/mine \"USA/v100, PUE 1.67\"\n"
                                  "  fedgram explain results/mine France/federated-iid --figures\n"
                                  "  fedgram explain results/mine FRA/noniid --edge-device raspberry-pi-4\n"
                                  "  fedgram explain results/mine USA/iid-quantize --inference-devices nucleo-h7a3zi-q",
                                  explain, options);
    add_run_folder(sub, options->run);
    add_assumptions(sub, options->assumptions);
    sub.option("cell", &options->cell,
               "COUNTRY/COLUMN: a code or name, and the column's heading, its training's label, or a part that no "
               "other has; COUNTRY/LABEL of a smaller model, for what its levers and requests to it take")
        .required()
        .type_name("CELL");
    const auto figures =
        sub.flag("--figures", &options->figures, "Also each figure of the device with its band, standing and source");
    add_json(sub, options->json).excludes(figures);
}

}  // namespace fedgram::experiments
