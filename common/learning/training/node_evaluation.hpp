#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "common/energy/work/work.hpp"
#include "common/learning/engine/engine.hpp"
#include "common/learning/training/node_skew.hpp"
#include "common/learning/training/training.hpp"

namespace fedgram::learning {

/// What one node tests on: indices into the samples of all nodes, and what its samples go through.
struct NodeTestSet {
    std::vector<std::uint32_t> samples;
    std::optional<NodeSkew> skew{};
};

/// How a model does at each node.
struct NodeScores {
    std::vector<std::uint32_t> samples;  ///< by node
    std::vector<std::uint32_t> correct;
    energy::Work work;  ///< of all nodes
};

/// Each of `nodes` nodes on its own test set, which `of` tells, by several threads at once. The nodes are dealt out to
/// `replicas`, one thread each; the result doesn't depend on how many there are.
[[nodiscard]] NodeScores evaluate_nodes(std::span<const std::unique_ptr<Replica>> replicas, const Model& model,
                                        const Samples& data, const spec::Normalization& normalization,
                                        std::uint32_t nodes, const std::function<NodeTestSet(std::uint32_t)>& of);

/// The model's mean loss on each of these sets, NaN of an empty one; by several threads, as evaluate_nodes has them.
[[nodiscard]] std::vector<double> node_losses(std::span<const std::unique_ptr<Replica>> replicas, const Model& model,
                                              const Samples& data, const spec::Normalization& normalization,
                                              std::span<const NodeTestSet> sets);

/// What a node does that evaluates the model on so many samples of its own, in batches of `batch_size`.
[[nodiscard]] energy::Work forward_work(const Model& model, std::uint64_t samples, std::uint32_t batch_size);

}  // namespace fedgram::learning
