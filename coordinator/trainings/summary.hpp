#pragma once

#include <vector>

#include "common/learning/engine/engine.hpp"
#include "common/run/summary.hpp"
#include "common/spec/experiment.hpp"
#include "datasets/readers/dataset.hpp"

namespace fedgram::coordinator {

/// What summary.json tells of a run on this machine.
[[nodiscard]] run::RunSummary summary(const spec::Experiment& experiment, const datasets::Dataset& data,
                                      std::vector<run::TrainingSummary> trainings, const learning::EngineInfo& engine);

}  // namespace fedgram::coordinator
