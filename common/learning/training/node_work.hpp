#pragma once

#include <cstdint>

#include "common/energy/work/training_work.hpp"
#include "common/learning/model/model.hpp"
#include "common/spec/experiment.hpp"

namespace fedgram::learning {

/// Passes over a node's data in steps.
struct LocalEpochs {
    std::uint64_t samples_seen = 0;
    std::uint64_t steps = 0;
};

/// What a node that holds so many samples does in one round, or no more than `most_steps` of it where that is above 0.
[[nodiscard]] LocalEpochs local_epochs(const spec::Federated& rule, std::uint64_t samples,
                                       std::uint64_t most_steps = 0);

/// Work of a local training of so many samples in so many steps, at a node that holds `held` of them: the model's, and
/// what the strategy adds to it.
[[nodiscard]] energy::Work local_training_work(const Model& model, const spec::Federated& rule, std::uint64_t held,
                                               LocalEpochs done);

/// What a node's update takes beside its training: its bytes, at most where a codec's size varies; what comes down for
/// it beside the model; the node's Work to encode or mask it, and the coordinator's to decode it.
struct UpdateCost {
    std::uint64_t bytes = 0;
    std::uint64_t bytes_down = 0;
    energy::Work encoding;
    energy::Work decoding;
};

/// Of a training whose nodes hold `total_samples` together. Secure aggregation counts as with its planned cohort.
[[nodiscard]] UpdateCost update_cost(const Model& model, const spec::Federated& rule, std::uint64_t total_samples);

/// What the weights of a cohort add up to at most, of a training with secure aggregation.
[[nodiscard]] std::uint64_t most_total_weight(const spec::Federated& rule, std::uint64_t total_samples);

/// A node's whole part of one round: download, local epochs (no more than `most_steps`, where that is above 0), upload.
[[nodiscard]] energy::NodeRound node_round(const Model& model, const spec::Federated& rule, const UpdateCost& update,
                                           std::uint32_t node, std::uint64_t samples, std::uint64_t most_steps = 0);

/// The extra Work of a strategy in a local training, beside the model's: per step and parameter 3 FLOPs for a proximal
/// term and 12 bytes (parameter and origin in; its share of the gradient out), 1 FLOP and 8 bytes for a linear one, a
/// kernel each; and of q-FedAvg the forward pass over the node's `held` samples by which it knows its loss.
[[nodiscard]] energy::Work strategy_work(const Model& model, const spec::Federated& rule, std::uint64_t held,
                                         std::uint64_t steps);

}  // namespace fedgram::learning
