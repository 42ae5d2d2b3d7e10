#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/report/lifecycle/lifecycle.hpp"
#include "experiments/lookup/priced_run.hpp"

namespace fedgram::experiments {

/// The run whose model a folder stands for.
struct ModelRun {
    std::filesystem::path folder;
    std::string choice{};  ///< a sentence on which it is; empty where it is the folder that was named
};

/// The folder itself, or of a search the winner's run with its first seed; of a front the one of the fewest grams. A
/// winner that was not let go on, or whose answer lies before its end, has its model in the run that measured it.
/// Throws SpecError for a sweep without a winner, or with one that isn't trained that far; DataError for a damaged
/// file.
[[nodiscard]] ModelRun run_of_model(const std::filesystem::path& folder);

/// What the runs of each folder, a sweep's or one run's, have spent in the first country: each training in its first
/// column, with its evaluations and what faults have wasted, whether it reached its target or not. A run that isn't
/// whole counts by its ledger, on its own devices, before PUE and network. Nothing counts twice: neither a run that an
/// earlier folder has, nor a training that came from a store, since another run spent it, nor `model`, the run whose
/// model it is about: of what that took from a store, the training that it came from. One that merely came out the same
/// counts. Throws SpecError for a folder that is neither, DataError for a
/// damaged file.
[[nodiscard]] std::vector<report::PastTrials> past_trials(const std::vector<std::filesystem::path>& folders,
                                                          const std::filesystem::path& model,
                                                          const AssumptionOptions& assumptions);

}  // namespace fedgram::experiments
