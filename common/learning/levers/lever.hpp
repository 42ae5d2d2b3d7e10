#pragma once

#include <type_traits>

#include "common/learning/levers/candidate.hpp"
#include "common/learning/levers/reduction_result.hpp"
#include "common/learning/levers/workbench.hpp"
#include "common/spec/reduction.hpp"

namespace fedgram::learning {

/// The share of the training's learning rate at which a lever trains that names no rate. Weights that have learned go
/// on at a tenth, and shared values at a hundredth, since each has the sum of its weights' gradients. What begins anew,
/// a student or a lottery ticket, takes all of it.
template <class Kind>
[[nodiscard]] double tuning_share(const Kind& lever)
{
    if constexpr (std::is_same_v<Kind, spec::ShareWeights>)
        return 0.01;
    else if constexpr (std::is_same_v<Kind, spec::Distill>)
        return 1;
    else if constexpr (std::is_same_v<Kind, spec::Prune>)
        return lever.course == spec::PruningCourse::lottery ? 1 : 0.1;
    else
        return 0.1;
}

/// How the lever trains, with its rate.
template <class Kind>
[[nodiscard]] spec::FineTuning tuning_of(const Kind& lever, double training_rate)
{
    auto tuning = lever.tuning;
    if (!tuning.learning_rate) tuning.learning_rate = tuning_share(lever) * training_rate;
    return tuning;
}

/// The lever with the rate that it trains at; one that trains nothing stays as it is.
[[nodiscard]] spec::Lever with_rate(spec::Lever lever, double training_rate);

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
