#pragma once

#include <filesystem>
#include <optional>

#include "experiments/lookup/specification.hpp"

namespace fedgram::experiments {

struct ResolveOptions {
    SpecChoice choice;
    std::optional<std::filesystem::path> out{};  ///< absent: standard output
};

/// `fedgram resolve`: the specification as a coordinator takes it.
[[nodiscard]] int resolve_command(const ResolveOptions& options);

}  // namespace fedgram::experiments
