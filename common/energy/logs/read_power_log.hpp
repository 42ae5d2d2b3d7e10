#pragma once

#include <filesystem>
#include <string_view>

#include "common/energy/logs/power_log.hpp"
#include "common/energy/logs/power_log_options.hpp"

namespace fedgram::power_logs {

/// Reads a log that some tool wrote; its form is told from what stands in it. `where` names the text in errors. Throws
/// DataError with the line for what can't be read, and SpecError for an option that the log asks for or contradicts.
[[nodiscard]] PowerLog parse_power_log(std::string_view text, std::string_view where,
                                       const PowerLogOptions& options = {});

/// The same of a file. Throws SystemError, too, where it can't be read.
[[nodiscard]] PowerLog read_power_log(const std::filesystem::path& path, const PowerLogOptions& options = {});

}  // namespace fedgram::power_logs
