#pragma once

#include <functional>
#include <optional>

namespace fedgram::experiments {

/// The command that a command line asks for; calling it gives an exit code. Nothing when it asked for help, which has
/// been printed. Throws SpecError, on one line, for a command line that is wrong.
[[nodiscard]] std::optional<std::function<int()>> parse_command_line(int argc, const char* const* argv);

}  // namespace fedgram::experiments
