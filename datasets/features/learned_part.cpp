#include "datasets/features/learned_part.hpp"

#include <tuple>
#include <utility>

#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/learning/model/kernels.hpp"
#include "common/learning/start/start_parameters.hpp"
#include "common/learning/training/stored_batch.hpp"
#include "datasets/features/feature_store.hpp"
#include "datasets/features/features.hpp"

namespace fedgram::datasets {

std::vector<float> LearnedPart::whole(std::span<const float> learned) const
{
    auto parameters = start;
    learning::put_rest(learned, split.places, parameters);
    return parameters;
}

energy::Work LearnedPart::forward(std::uint64_t samples, std::uint64_t batches) const
{
    const auto& [cost, parameters] = std::tie(split.frozen.cost, split.frozen.parameters);
    energy::Work work;
    work.steps = batches;
    work.flops = samples * cost.forward_flops;
    work.memory_bytes = samples * cost.forward_bytes + batches * parameters.bytes();
    work.kernels = batches * learning::forward_kernels(cost.kernels);
    return work;
}

std::uint64_t LearnedPart::feature_bytes() const
{
    return learning::pixels_per_sample(split.rest.shape) * sizeof(float);
}

std::optional<LearnedPart> learned_part(const spec::Experiment& experiment, const Dataset& data, std::uint32_t threads)
{
    const auto& model = experiment.model;
    if (model.frozen_to.empty()) return std::nullopt;
    const auto whole = learning::build_model(model, {data.channels, data.height, data.width, data.classes});
    LearnedPart part{model.frozen_to,
                     with_context("model.frozen_to", [&] { return learning::split_behind(whole, model.frozen_to); }),
                     learning::start_parameters(whole, model.start),
                     experiment,
                     {}};
    part.experiment.model = part.split.rest_layers;
    part.experiment.data.normalization = {};
    const auto& normalization = experiment.data.normalization;
    const auto make = [&] { return computed_features(part.split, part.start, data, normalization, threads); };
    const auto store = FeatureStore::of_user();
    part.features = store ? store->get(features_key(part.split, part.start, data, normalization), make) : make();
    return part;
}

void check_rounds(const std::string& layer, bool fleet_decides, const std::string& training)
{
    if (!layer.empty() && fleet_decides)
        throw SpecError{
            "model.frozen_to: \"" + layer + "\" is not valid where a fleet's own time decides, as in trainings." +
            training +
            "; leave out its hours, deadlines, selection, goal and buffer, or frozen_to and train all layers"};
}

}  // namespace fedgram::datasets
