#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "experiments/launch/child_process.hpp"

namespace fedgram::experiments {

/// What a short command said, and how it ended.
struct CapturedCommand {
    Exit exit;
    std::string out;
    std::string err;
};

/// Runs a program of $PATH to its end, with an empty standard input and out of reach of Ctrl-C, and keeps what it says.
/// Nothing where there is no such program. One that takes longer than `at_most` is killed. Throws SystemError where no
/// process can be started.
[[nodiscard]] std::optional<CapturedCommand> captured_command(const std::string& program,
                                                              const std::vector<std::string>& arguments,
                                                              std::chrono::milliseconds at_most);

}  // namespace fedgram::experiments
