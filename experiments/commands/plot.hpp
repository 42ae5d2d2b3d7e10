#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/lookup/priced_run.hpp"

namespace fedgram::experiments {

class CommandSet;

/// `fedgram plot`: a figure of runs for a paper, with its numbers as CSV beside it; or a list of the figures.
struct PlotOptions {
    std::vector<std::filesystem::path> runs{};
    std::string figure{};
    std::filesystem::path out{};  ///< its ending says the format
    std::string width = "one";
    bool each = false;  ///< each run by itself, those that differ in the seed alone too
    AssumptionOptions assumptions{};
    bool list = false;
    bool json = false;  ///< of the list
};
[[nodiscard]] int plot(const PlotOptions& options);

/// Its options and its help.
void add_plot(CommandSet& commands);

}  // namespace fedgram::experiments
