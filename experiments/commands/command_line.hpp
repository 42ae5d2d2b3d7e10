#pragma once

#include <functional>
#include <optional>

namespace fedgram::experiments {

/// What a command line asks for, ready to be called; gives an exit code. Nothing when it asked for help, which has
/// been printed. Throws SpecError, on one line, for what is no command line of ours.
[[nodiscard]] std::optional<std::function<int()>> parse_command_line(int argc, const char* const* argv);

}  // namespace fedgram::experiments
