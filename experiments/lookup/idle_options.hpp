#pragma once

#include <span>
#include <string>
#include <vector>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/run/run_record.hpp"
#include "experiments/lookup/priced_run.hpp"

namespace fedgram::experiments {

/// The options that change nothing in a run's table, each as one line of what it needs. `assumptions` are those that
/// the run is priced by, options included.
[[nodiscard]] std::vector<std::string> idle_options(const run::RunRecord& run, const carbon::Accounting& assumptions,
                                                    const AssumptionOptions& options);

/// Throws SpecError for an option that changes none of the runs' tables: whoever gave it expects something of it.
void refuse_idle_options(std::span<const PricedRun* const> runs);

}  // namespace fedgram::experiments
