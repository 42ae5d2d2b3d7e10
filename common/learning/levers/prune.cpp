#include <cmath>
#include <utility>

#include "common/error/error.hpp"
#include "common/learning/levers/lever.hpp"
#include "common/learning/levers/masked_weights.hpp"
#include "common/learning/pruning/density.hpp"
#include "common/learning/pruning/gradual_sparsity.hpp"
#include "common/learning/pruning/magnitude_mask.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::learning {

namespace {

Mask present_mask(const Candidate& candidate) { return candidate.mask.value_or(Mask{candidate.model.parameters}); }

double sparsity_of(const Candidate& candidate)
{
    return total(densities(candidate.model.parameters, present_mask(candidate))).sparsity();
}

void prune_to(double sparsity, const spec::Prune& lever, Candidate& candidate)
{
    candidate.mask =
        pruned_to(candidate.model.parameters, candidate.parameters, present_mask(candidate), sparsity, lever.scope);
    candidate.mask->apply(candidate.parameters);
}

energy::Work tune(const spec::Prune& lever, Candidate& candidate, Workbench& bench)
{
    const MaskedWeights view{*candidate.mask};
    return bench.tune(candidate.model, candidate.parameters, tuning_of(lever, bench.training_rate()), {.view = &view});
}

// The share that is left falls by the same factor in each round.
double sparsity_after(std::uint32_t round, const spec::Prune& lever, double begins_at)
{
    if (round == lever.rounds) return lever.sparsity;
    return 1 - (1 - begins_at) * std::pow((1 - lever.sparsity) / (1 - begins_at), double(round) / lever.rounds);
}

LeverCost in_rounds(const spec::Prune& lever, Candidate& candidate, Workbench& bench)
{
    const bool rewinds = lever.course == spec::PruningCourse::lottery;
    const auto first = rewinds ? initial_parameters(candidate.model, bench.setting().seed) : std::vector<float>{};
    const double begins_at = sparsity_of(candidate);
    LeverCost cost;
    for (std::uint32_t round = 1; round <= lever.rounds; ++round) {
        prune_to(sparsity_after(round, lever, begins_at), lever, candidate);
        if (rewinds) {
            candidate.parameters = first;
            candidate.mask->apply(candidate.parameters);
        }
        cost.tuning += tune(lever, candidate, bench);
    }
    return cost;
}

LeverCost gradually(const spec::Prune& lever, Candidate& candidate, Workbench& bench)
{
    require_gradual_steps(lever, bench);
    const auto steps = bench.steps(lever.tuning);
    // Behind the last mask the model has a quarter of the steps to settle.
    const GradualSparsity ramp{{.initial_sparsity = sparsity_of(candidate),
                                .final_sparsity = lever.sparsity,
                                .first_step = 0,
                                .last_step = steps * 3 / 4,
                                .frequency = lever.every_steps}};
    candidate.mask = present_mask(candidate);
    const MaskedWeights view{*candidate.mask};
    LeverCost cost;
    cost.tuning = bench.tune(candidate.model, candidate.parameters, tuning_of(lever, bench.training_rate()),
                             {.view = &view, .before_step = [&](std::uint64_t step, std::span<const float> parameters) {
                                  if (const auto sparsity = ramp.at(step))
                                      candidate.mask = pruned_to(candidate.model.parameters, parameters,
                                                                 std::move(*candidate.mask), *sparsity, lever.scope);
                              }});
    return cost;
}

}  // namespace

void require_gradual_steps(const spec::Prune& lever, const Workbench& bench)
{
    if (bench.steps(lever.tuning) < 2)
        throw SpecError{"prune: course: gradual pruning takes at least 2 steps; use more epochs"};
}

LeverCost apply(const spec::Prune& lever, Candidate& candidate, Workbench& bench)
{
    require_floats(candidate, "prune");
    if (sparsity_of(candidate) > lever.sparsity + 1e-3)
        throw SpecError{"prune: sparsity: " + text::shortest(lever.sparsity) + " is below what is pruned already, " +
                        text::significant(sparsity_of(candidate)) + "; use more"};
    switch (lever.course) {
        case spec::PruningCourse::one_shot:
            prune_to(lever.sparsity, lever, candidate);
            return {.tuning = tune(lever, candidate, bench)};
        case spec::PruningCourse::iterative:
        case spec::PruningCourse::lottery:
            return in_rounds(lever, candidate, bench);
        case spec::PruningCourse::gradual:
            return gradually(lever, candidate, bench);
    }
    return {};
}

}  // namespace fedgram::learning
