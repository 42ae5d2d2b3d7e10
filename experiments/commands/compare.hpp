#pragma once

#include <filesystem>

#include "experiments/lookup/priced_run.hpp"

namespace fedgram::experiments {

class CommandSet;

/// `fedgram compare`: why another run's cells differ from those of `run`, term by term.
struct CompareOptions {
    std::filesystem::path run;
    std::filesystem::path other;
    AssumptionOptions assumptions{};  ///< for both
    bool json = false;
};
[[nodiscard]] int compare(const CompareOptions& options);

/// Its options and its help.
void add_compare(CommandSet& commands);

}  // namespace fedgram::experiments
