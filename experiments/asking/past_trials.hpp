#pragma once

#include <filesystem>

#include "common/report/lifecycle/lifecycle.hpp"
#include "experiments/lookup/priced_run.hpp"

namespace fedgram::experiments {

/// The run whose model a folder stands for: itself, or of a search the winner's run with its first seed. Throws
/// SpecError for a sweep without a winner, DataError for a damaged file.
[[nodiscard]] std::filesystem::path run_of_model(const std::filesystem::path& folder);

/// What the runs of a sweep, or one run, have spent, in the first country: each training in its first column, with its
/// evaluations and what faults have wasted, whether it reached its target or not. A training that came from a store
/// isn't counted, since another run spent it. A run that isn't whole counts by its ledger, on its own devices, before
/// PUE and network. `model` is the run whose model it is about, which isn't counted. Throws SpecError for a folder that
/// is neither, DataError for a damaged file.
[[nodiscard]] report::PastTrials past_trials(const std::filesystem::path& folder, const std::filesystem::path& model,
                                             const AssumptionOptions& assumptions);

}  // namespace fedgram::experiments
