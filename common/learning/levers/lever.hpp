#pragma once

#include "common/learning/levers/candidate.hpp"
#include "common/learning/levers/reduction_result.hpp"
#include "common/learning/levers/workbench.hpp"
#include "common/spec/reduction.hpp"

namespace fedgram::learning {

/// Of the training's learning rate, for weights that have learned and go on learning.
inline constexpr double tuning_share = 0.1;
/// The same for shared values: each has the sum of its weights' gradients.
inline constexpr double shared_tuning_share = 0.01;

// Each lever makes the candidate a smaller one. All throw SpecError, which says what of the lever doesn't fit the
// candidate.

LeverCost apply(const spec::Prune& lever, Candidate& candidate, Workbench& bench);
LeverCost apply(const spec::PruneFilters& lever, Candidate& candidate, Workbench& bench);
LeverCost apply(const spec::ShareWeights& lever, Candidate& candidate, Workbench& bench);
LeverCost apply(const spec::Quantize& lever, Candidate& candidate, Workbench& bench);
LeverCost apply(const spec::Factorize& lever, Candidate& candidate, Workbench& bench);
LeverCost apply(const spec::Distill& lever, Candidate& candidate, Workbench& bench);
LeverCost apply(const spec::FineTune& lever, Candidate& candidate, Workbench& bench);

/// Throws SpecError where the lever's training has too few steps for its gradual course.
void require_gradual_steps(const spec::Prune& lever, const Workbench& bench);

/// Throws SpecError where the candidate's weights are encoded already: "quantize: ...; put it last".
void require_floats(const Candidate& candidate, const char* lever);
/// The same where weights are pruned: their places would mean others in other layers.
void require_no_mask(const Candidate& candidate, const char* lever);

}  // namespace fedgram::learning
