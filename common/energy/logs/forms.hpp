#pragma once

#include <string_view>
#include <vector>

#include "common/energy/logs/log_text.hpp"
#include "common/energy/logs/power_log.hpp"
#include "common/energy/logs/power_log_options.hpp"

// A reader for each form. Each takes the lines of one log and the log's name in errors, and throws DataError with the
// line that it can't read, and SpecError for an option that the log asks for or contradicts.

namespace fedgram::power_logs {

[[nodiscard]] PowerLog read_nvidia_smi(const std::vector<LogLine>& lines, std::string_view where,
                                       const PowerLogOptions& options);
[[nodiscard]] PowerLog read_nvidia_dmon(const std::vector<LogLine>& lines, std::string_view where,
                                        const PowerLogOptions& options);
[[nodiscard]] PowerLog read_tegrastats(const std::vector<LogLine>& lines, std::string_view where,
                                       const PowerLogOptions& options);
[[nodiscard]] PowerLog read_codecarbon(const std::vector<LogLine>& lines, std::string_view where,
                                       const PowerLogOptions& options);
[[nodiscard]] PowerLog read_zeus_windows(const std::vector<LogLine>& lines, std::string_view where,
                                         const PowerLogOptions& options);
[[nodiscard]] PowerLog read_zeus_power(const std::vector<LogLine>& lines, std::string_view where,
                                       const PowerLogOptions& options);
[[nodiscard]] PowerLog read_turbostat(const std::vector<LogLine>& lines, std::string_view where,
                                      const PowerLogOptions& options);
[[nodiscard]] PowerLog read_perf_stat(const std::vector<LogLine>& lines, std::string_view where,
                                      const PowerLogOptions& options);
[[nodiscard]] PowerLog read_plain_csv(const std::vector<LogLine>& lines, std::string_view where,
                                      const PowerLogOptions& options);

}  // namespace fedgram::power_logs
