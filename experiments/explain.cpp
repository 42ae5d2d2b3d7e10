#include "experiments/explain.hpp"

#include <iostream>

#include <nlohmann/json.hpp>

#include "common/carbon/explain.hpp"
#include "experiments/record_lookup.hpp"

namespace fedgram::experiments {

int explain(const ExplainOptions& options)
{
    const auto [run, table] = priced_run(options.run, options.assumptions);
    const auto& cell = carbon::find_cell(table, options.cell);
    const auto attribution = grid_attribution(table.accounting.countries[cell.country].source);
    if (options.json) {
        auto json = carbon::explain_json(table, run, cell);
        if (attribution) json["emissions"]["grid_attribution"] = *attribution;
        std::cout << json.dump(2) << "\n";
        return 0;
    }
    std::cout << carbon::explain(table, run, cell);
    if (attribution) std::cout << "\nGrid: " << *attribution << "\n";
    return 0;
}

}  // namespace fedgram::experiments
