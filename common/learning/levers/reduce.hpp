#pragma once

#include "common/learning/levers/candidate.hpp"
#include "common/learning/levers/model_figures.hpp"
#include "common/learning/levers/reduction_result.hpp"
#include "common/learning/levers/workbench.hpp"

namespace fedgram::learning {

/// Applies the reduction's levers to the candidate, one after the other. Throws SpecError, with "reductions.LABEL: " in
/// front, for a lever that doesn't fit.
[[nodiscard]] ReductionResult reduce(const spec::Reduction& reduction, Candidate& candidate, Workbench& bench);

}  // namespace fedgram::learning
