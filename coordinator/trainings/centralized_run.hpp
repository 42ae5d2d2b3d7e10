#pragma once

#include <atomic>

#include "coordinator/trainings/training_recorder.hpp"

namespace fedgram::coordinator {

/// The centralized baseline: one node that holds all the data and sends nothing, evaluated at its stated interval on
/// the same test set and stopped by the same rule as a federated training. Runs to its end on the calling thread;
/// ends early, with what it has, once `stop` is true.
[[nodiscard]] TrainingResult run_centralized(RunContext context, const spec::Training& training,
                                             const std::atomic<bool>& stop);

}  // namespace fedgram::coordinator
