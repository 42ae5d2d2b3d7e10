#pragma once

#include "common/learning/levers/candidate.hpp"
#include "common/learning/levers/reduction_result.hpp"
#include "common/learning/levers/workbench.hpp"

namespace fedgram::learning {

/// What the candidate is now: measured on the bench, and counted. An int8 model is measured in integers.
[[nodiscard]] ModelFigures model_figures(const Candidate& candidate, const Workbench& bench);

}  // namespace fedgram::learning
