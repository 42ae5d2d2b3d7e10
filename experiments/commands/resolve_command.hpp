#pragma once

#include <filesystem>
#include <optional>

#include "experiments/lookup/specification.hpp"

namespace fedgram::experiments {

class CommandSet;

struct ResolveOptions {
    SpecChoice choice;
    std::optional<std::filesystem::path> out{};  ///< absent: standard output
};

/// `fedgram resolve`: the specification as a coordinator takes it.
[[nodiscard]] int resolve_command(const ResolveOptions& options);

/// Its options and its help.
void add_resolve(CommandSet& commands);

}  // namespace fedgram::experiments
