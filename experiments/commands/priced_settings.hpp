#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "common/report/budget/run_budget.hpp"
#include "experiments/lookup/priced_run.hpp"

namespace fedgram::experiments {

/// Whole runs that differ in the seed alone.
struct PricedSetting {
    std::string setting;  ///< what they share, as text
    std::vector<std::filesystem::path> folders;
    std::vector<PricedRun> priced;  ///< of each folder
};

/// The whole ones of the runs, priced, by their settings. Throws as priced_run does, and SpecError for an option that
/// changes none of the tables.
[[nodiscard]] std::vector<PricedSetting> priced_settings(std::span<const report::RunBudget> budgets,
                                                         const AssumptionOptions& assumptions);

}  // namespace fedgram::experiments
