#pragma once

#include <string>
#include <vector>

namespace fedgram::coordinator {

/// Runs fedgram-coordinator with these arguments, and gives its exit code.
[[nodiscard]] int run_command_line(const std::vector<std::string>& arguments);

}  // namespace fedgram::coordinator
