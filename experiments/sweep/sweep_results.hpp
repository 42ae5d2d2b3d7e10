#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/sweep/sweep_report.hpp"

namespace fedgram::experiments {

/// What there is of a sweep.
struct SweepResults {
    std::vector<SweepRow> rows;        ///< of its whole runs, in the order of the plan
    std::vector<std::string> lacking;  ///< names of the runs that aren't whole
};

/// Whether each of so many planned trainings of a sweep's run ended by its rule, and its tables are there.
[[nodiscard]] bool is_whole_run(const std::filesystem::path& folder, std::size_t trainings);

/// FOLDER/runs. Throws DataError where a whole run's file is damaged.
[[nodiscard]] SweepResults read_results(const SweepPlan& plan, const std::filesystem::path& folder);

}  // namespace fedgram::experiments
