#include "coordinator/trainings/frozen_layers.hpp"

#include <utility>

namespace fedgram::coordinator {

FrozenLayers::FrozenLayers(const datasets::LearnedPart& part, std::uint32_t nodes, std::uint32_t batch_size,
                           SamplesOf samples_of, bool is_federated, const std::optional<run::FrozenCost>& so_far)
    : part_{part},
      batch_size_{batch_size},
      samples_of_{std::move(samples_of)},
      is_federated_{is_federated},
      cost_{so_far.value_or(run::FrozenCost{})},
      has_features_(nodes)
{
    cost_.layer = part.layer;
    cost_.frozen_parameters = part.split.frozen.parameters.size;
    cost_.learned_parameters = part.split.rest.parameters.size;
    cost_.feature_bytes = part.feature_bytes();
    if (!is_federated) has_features_.assign(nodes, cost_.kept_samples > 0 ? 1 : 0);
}

energy::Work FrozenLayers::first_pass(std::uint32_t node) const
{
    const auto samples = samples_of_(node);
    return part_.forward(samples, (samples + batch_size_ - 1) / batch_size_);
}

energy::NodeRound FrozenLayers::with_first_round(energy::NodeRound share) const
{
    if (has_features_[share.node] != 0) return share;
    share.train += first_pass(share.node);
    if (is_federated_) share.bytes_down += part_.split.frozen.parameters.bytes();
    return share;
}

void FrozenLayers::ended(std::span<const energy::NodeRound> shares)
{
    for (const auto& share : shares) {
        cost_.read_samples += share.train.samples;
        if (std::exchange(has_features_[share.node], 1) != 0) continue;
        cost_.kept_samples += samples_of_(share.node);
        cost_.training += first_pass(share.node);
        if (is_federated_) cost_.download_bytes += part_.split.frozen.parameters.bytes();
    }
}

learning::Evaluation FrozenLayers::with_first_look(learning::Evaluation evaluation)
{
    if (cost_.evaluated_samples == 0)
        evaluation.work = looked_once(evaluation.work);
    else
        cost_.read_samples += evaluation.work.samples;
    return evaluation;
}

energy::Work FrozenLayers::looked_once(energy::Work evaluation)
{
    const auto pass = part_.forward(evaluation.samples, evaluation.steps);
    cost_.evaluated_samples += evaluation.samples;
    cost_.read_samples += evaluation.samples;
    cost_.evaluation += pass;
    evaluation += pass;
    return evaluation;
}

void FrozenLayers::write(learning::StateWriter& state) const
{
    state.add(std::span<const std::uint8_t>{has_features_});
}

void FrozenLayers::read(learning::StateReader& state) { state.read(std::span{has_features_}); }

}  // namespace fedgram::coordinator
