#include "experiments/explain.hpp"

#include <iostream>

#include "common/carbon/explain.hpp"
#include "experiments/record_lookup.hpp"

namespace fedgram::experiments {

int explain(const ExplainOptions& options)
{
    const auto [run, table] = priced_run(options.run, options.assumptions);
    const auto& cell = carbon::find_cell(table, options.cell);
    std::cout << carbon::explain(table, run, cell);
    if (const auto source = grid_attribution(table.accounting.countries[cell.country].source))
        std::cout << "\nGrid: " << *source << "\n";
    return 0;
}

}  // namespace fedgram::experiments
