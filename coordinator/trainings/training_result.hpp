#pragma once

#include <vector>

#include "common/run/summary.hpp"

namespace fedgram::coordinator {

using run::Ending;

/// How one training ended: its entry in summary.json, and the model.
struct TrainingResult : run::TrainingSummary {
    std::vector<float> parameters;  ///< the final ones
};

}  // namespace fedgram::coordinator
