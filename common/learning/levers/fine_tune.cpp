#include "common/error/context.hpp"
#include "common/learning/levers/lever.hpp"
#include "common/learning/levers/masked_weights.hpp"
#include "common/learning/model/split_model.hpp"

namespace fedgram::learning {

namespace {

Mask mask_of_rest(const Mask& mask, const SplitModel& split)
{
    Mask part{split.rest.parameters};
    for (std::size_t i = 0; i < split.places.size(); ++i)
        if (!mask.keeps(split.places[i])) part.drop(i);
    return part;
}

}  // namespace

LeverCost apply(const spec::FineTune& lever, Candidate& candidate, Workbench& bench)
{
    require_floats(candidate, "fine-tune");
    const auto tuning = tuning_of(lever, bench.training_rate());
    const auto view_of = [](const std::optional<Mask>& mask) {
        return mask ? std::optional<MaskedWeights>{*mask} : std::nullopt;
    };
    if (lever.frozen_to.empty()) {
        const auto view = view_of(candidate.mask);
        return {.tuning = bench.tune(candidate.model, candidate.parameters, tuning, {.view = view ? &*view : nullptr})};
    }
    const auto split =
        with_context("fine-tune: frozen_to", [&] { return split_behind(candidate.model, lever.frozen_to); });
    const auto samples = bench.setting().indices.size();
    const auto features = bench.outputs(split.frozen, candidate.parameters, samples);
    LeverCost cost;
    // Training on kept features gives the bits of training behind the frozen layers: what differs is how often these
    // compute.
    cost.passes = bench.passes(split.frozen, lever.feature_store ? samples : samples * lever.tuning.epochs);
    if (lever.feature_store)
        cost.kept_bytes = features.size() * sizeof(float);
    else
        cost.passes.steps = 0;  // they are part of the steps that train

    auto parameters = rest_of(candidate.parameters, split.places);
    const auto mask = candidate.mask ? std::optional{mask_of_rest(*candidate.mask, split)} : std::nullopt;
    const auto view = view_of(mask);
    cost.tuning = bench.tune(split.rest, parameters, tuning, {.view = view ? &*view : nullptr, .features = features});
    put_rest(parameters, split.places, candidate.parameters);
    return cost;
}

}  // namespace fedgram::learning
