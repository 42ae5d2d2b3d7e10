#pragma once

#include <filesystem>
#include <string>

#include "experiments/priced_run.hpp"

namespace fedgram::experiments {

/// `fedgram report`: budget, ratios and statements of a run; with a cell, that cell for a model card.
struct ReportOptions {
    std::filesystem::path run;
    AssumptionOptions assumptions{};
    std::string model_card{};  ///< a cell
};
[[nodiscard]] int report(const ReportOptions& options);

}  // namespace fedgram::experiments
