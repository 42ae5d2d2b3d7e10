#include <span>

#include "common/learning/levers/lever.hpp"
#include "common/learning/levers/shared_view.hpp"

namespace fedgram::learning {

namespace {

// What the codes stand for after the weights have learned.
void read_centroids(std::span<const float> weights, SharedWeights& shared)
{
    for (std::size_t i = 0; i < weights.size(); ++i)
        if (const auto code = shared.codes[i]; code != 0) shared.centroids[code - 1U] = weights[i];
}

}  // namespace

LeverCost apply(const spec::ShareWeights& lever, Candidate& candidate, Workbench& bench)
{
    require_floats(candidate, "share-weights");
    const auto& slots = candidate.model.parameters.slots;
    candidate.index_bits = lever.index_bits;
    candidate.shared.resize(slots.size());
    const auto weights_of = [&](const ParameterSlot& slot) {
        return std::span{candidate.parameters}.subspan(slot.offset, slot.size);
    };
    for (std::size_t i = 0; i < slots.size(); ++i) {
        if (!is_prunable(slots[i])) continue;
        const auto bits = slots[i].shape.size() == 2 ? lever.linear_bits : lever.convolution_bits;
        candidate.shared[i] = share_weights(weights_of(slots[i]), bits);
        std::ranges::copy(expand(candidate.shared[i]), weights_of(slots[i]).begin());
    }
    const SharedView view{candidate.model.parameters, candidate.shared};
    LeverCost cost;
    cost.tuning =
        bench.tune(candidate.model, candidate.parameters, tuning_of(lever, bench.training_rate()), {.view = &view});
    for (std::size_t i = 0; i < slots.size(); ++i)
        if (!candidate.shared[i].codes.empty()) read_centroids(weights_of(slots[i]), candidate.shared[i]);
    return cost;
}

}  // namespace fedgram::learning
