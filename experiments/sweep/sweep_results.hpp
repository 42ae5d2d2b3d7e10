#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/sweep/sweep_report.hpp"

namespace fedgram::experiments {

/// What there is of a sweep.
struct SweepResults {
    std::vector<SweepRow> rows;  ///< of its whole runs, in the order of the plan; of a search, of all that have begun
    std::vector<std::string> lacking;  ///< names of the other runs
};

/// FOLDER/runs. Throws DataError where a whole run's file is damaged.
[[nodiscard]] SweepResults read_results(const SweepPlan& plan, const std::filesystem::path& folder);

}  // namespace fedgram::experiments
