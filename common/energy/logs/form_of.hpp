#pragma once

#include <string_view>
#include <vector>

#include "common/energy/logs/log_text.hpp"
#include "common/energy/logs/power_log.hpp"
#include "common/energy/logs/power_log_options.hpp"

namespace fedgram::power_logs {

/// What wrote these lines, by what stands in them; a CSV wherever the options name a column of times. Throws DataError
/// that names the forms there are for a log of none of them.
[[nodiscard]] LogForm form_of(const std::vector<LogLine>& lines, std::string_view where,
                              const PowerLogOptions& options);

}  // namespace fedgram::power_logs
