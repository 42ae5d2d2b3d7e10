#pragma once

#include "common/run/stored_training.hpp"
#include "coordinator/trainings/training_recorder.hpp"
#include "coordinator/trainings/training_result.hpp"

namespace fedgram::coordinator {

/// Records what came of a training as if it were trained now: its rounds go into the run's files, priced on the run's
/// own devices, and its model into the result. The result says that this run hasn't spent it.
[[nodiscard]] TrainingResult replay(const RunContext& context, const spec::Training& training,
                                    run::StoredTraining stored);

}  // namespace fedgram::coordinator
