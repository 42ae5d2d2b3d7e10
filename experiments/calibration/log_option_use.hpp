#pragma once

#include <vector>

#include "common/energy/logs/power_log.hpp"
#include "common/energy/logs/power_log_options.hpp"

namespace fedgram::experiments {

/// Throws SpecError for an option that none of the logs, which are of these forms, has a use for; it names the forms
/// that have one.
void refuse_idle_log_options(const power_logs::PowerLogOptions& options, const std::vector<power_logs::LogForm>& forms);

}  // namespace fedgram::experiments
