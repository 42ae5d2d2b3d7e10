#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fedgram::experiments {

class CommandSet;

struct ReduceOptions {
    std::filesystem::path run;
    std::string training{};             ///< label; empty: the first
    std::vector<std::string> levers{};  ///< in their order; empty: what the run's own specification has
    std::string label{};                ///< of the reduction; empty: made of the training's and the levers' names
    std::optional<std::filesystem::path> data_folder{};
    bool json = false;
};

/// `fedgram reduce`: makes the final model of a run's training smaller, and prices what that takes and saves.
[[nodiscard]] int reduce(const ReduceOptions& options);

/// Its options and its help.
void add_reduce(CommandSet& commands);

}  // namespace fedgram::experiments
