#pragma once

#include <string>
#include <vector>

#include "experiments/commands/command_shape.hpp"

namespace fedgram::experiments {

class CommandSet;

/// Scripts by which a shell completes `program` with its commands, their options and the values that are known of them;
/// for whatever else it offers files. From the table of the commands, so that they never differ from the help.
[[nodiscard]] std::string bash_completion(const std::string& program, const std::vector<CommandShape>& commands);
[[nodiscard]] std::string zsh_completion(const std::string& program, const std::vector<CommandShape>& commands);
[[nodiscard]] std::string fish_completion(const std::string& program, const std::vector<CommandShape>& commands);

/// `fedgram completion SHELL`, with its help. It completes what `commands`, which outlive it, have when it is called.
void add_completion(CommandSet& commands);

}  // namespace fedgram::experiments
