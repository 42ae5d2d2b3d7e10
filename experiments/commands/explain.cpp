#include "experiments/commands/explain.hpp"

#include <iostream>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "common/report/explain/explain.hpp"
#include "experiments/lookup/record_lookup.hpp"

namespace fedgram::experiments {

namespace {

// Whom to credit for the grids of the cell's places.
std::set<std::string> attributions(const carbon::Table& table, const carbon::Cell& cell)
{
    std::set<std::string> result;
    for (std::size_t i = 0; i < cell.intensities.size(); ++i)
        if (const auto credit = grid_attribution(table.place(cell, i).source)) result.insert(*credit);
    return result;
}

}  // namespace

int explain(const ExplainOptions& options)
{
    const auto [run, table] = priced_run(options.run, options.assumptions);
    const auto& cell = carbon::find_cell(table, options.cell);
    const auto credits = attributions(table, cell);
    if (options.json) {
        auto json = carbon::explain_json(table, run, cell);
        json["emissions"]["grid_attributions"] = credits;
        std::cout << json.dump(2) << "\n";
        return 0;
    }
    std::cout << carbon::explain(table, run, cell);
    for (const auto& credit : credits) std::cout << "\nGrid: " << credit << "\n";
    return 0;
}

}  // namespace fedgram::experiments
