#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/commands/life_options.hpp"
#include "experiments/lookup/priced_run.hpp"

namespace fedgram::experiments {

class CommandSet;

/// `fedgram report`: budget, costs, utilization and statements of a run; with a cell, that cell for a model card. Of
/// several runs, first the budget over them all, and statements over the seeds.
struct ReportOptions {
    std::vector<std::filesystem::path> runs;  ///< at least one
    AssumptionOptions assumptions{};
    LifeOptions life{};                           ///< of one run; without predictions a life is on the page alone
    std::string model_card{};                     ///< a cell
    std::optional<std::filesystem::path> html{};  ///< where to write a page, in place of the text
    std::optional<std::filesystem::path> data_folder{};
    bool tensorboard = false;  ///< write the event files of TensorBoard, in place of the text
    bool json = false;
};
[[nodiscard]] int report(const ReportOptions& options);

/// Its options and its help.
void add_report(CommandSet& commands);

}  // namespace fedgram::experiments
