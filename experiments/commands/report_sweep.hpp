#pragma once

#include "experiments/commands/report.hpp"

namespace fedgram::experiments {

/// `fedgram report SWEEP`, of a folder that `fedgram sweep` wrote: the table that it printed, or that as JSON, or a
/// page. Throws SpecError for an option that is of runs alone.
[[nodiscard]] int report_sweep(const ReportOptions& options);

}  // namespace fedgram::experiments
