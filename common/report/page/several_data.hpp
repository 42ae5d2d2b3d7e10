#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/report/budget/run_budget.hpp"
#include "common/report/figure/plotted_run.hpp"
#include "common/run/summary.hpp"

namespace fedgram::report {

/// The whole runs of one setting, which differ in the seed alone.
struct SettingOfPage {
    std::string name;
    std::vector<PlottedRun> runs;  ///< at least one; each is called by its folder
};

/// A run of the page, however it ended.
struct RunOfPage {
    RunBudget budget;
    std::optional<run::RunSummary> summary;  ///< where it is there
};

/// All that a page shows of several runs; borrowed.
struct SeveralInputs {
    std::span<const SettingOfPage> settings;  ///< at least one
    std::span<const RunOfPage> runs;
    const std::string& version;  ///< of the program that makes the page
};

/// The data document of a page of several runs: common/report/page/README.md has its keys. Numbers are unrounded; what
/// isn't known is null. Throws SpecError where the runs' first countries differ.
[[nodiscard]] nlohmann::ordered_json several_data(const SeveralInputs& inputs);

}  // namespace fedgram::report
