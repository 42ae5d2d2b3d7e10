#pragma once

#include <string>
#include <vector>

namespace fedgram::client {

/// Runs fedgram-serve with these arguments, and gives its exit code.
[[nodiscard]] int serve_command_line(const std::vector<std::string>& arguments);

}  // namespace fedgram::client
