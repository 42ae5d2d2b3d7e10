#pragma once

#include <string>
#include <vector>

namespace fedgram::client {

/// Runs fedgram-client with these arguments, or as the fork server, and gives its exit code.
[[nodiscard]] int run_command_line(const std::vector<std::string>& arguments);

}  // namespace fedgram::client
