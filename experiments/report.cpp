#include "experiments/report.hpp"

#include <iostream>

#include "common/carbon/explain.hpp"
#include "common/carbon/report.hpp"

namespace fedgram::experiments {

int report(const ReportOptions& options)
{
    const auto [run, table] = priced_run(options.run, options.assumptions);
    std::cout << (options.model_card.empty() ? carbon::report(table, run)
                                             : carbon::model_card(table, carbon::find_cell(table, options.model_card)));
    return 0;
}

}  // namespace fedgram::experiments
