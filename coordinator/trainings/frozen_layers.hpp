#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "common/energy/work/training_work.hpp"
#include "common/learning/training/state_bytes.hpp"
#include "common/learning/training/training.hpp"
#include "common/run/frozen_cost.hpp"
#include "datasets/features/learned_part.hpp"

namespace fedgram::coordinator {

/// What is done once behind a training's frozen layers, and who has done it: each node takes these layers down and
/// computes what they give for its own samples in its first round, the coordinator the same for those that evaluations
/// look at.
class FrozenLayers {
public:
    /// Of a node's samples that train.
    using SamplesOf = std::function<std::uint64_t(std::uint32_t node)>;

    /// `so_far` of a training that goes on; of a federated one `read` tells which nodes have done it. A centralized
    /// training takes nothing down. The part must outlive it.
    FrozenLayers(const datasets::LearnedPart& part, std::uint32_t nodes, std::uint32_t batch_size, SamplesOf samples_of,
                 bool is_federated, const std::optional<run::FrozenCost>& so_far);

    /// A node's share of its next round, with what it does once where that is still to be done.
    [[nodiscard]] energy::NodeRound with_first_round(energy::NodeRound share) const;
    /// These have done theirs.
    void ended(std::span<const energy::NodeRound> shares);
    /// The first evaluation computes what the others read.
    [[nodiscard]] learning::Evaluation with_first_look(learning::Evaluation evaluation);
    /// Of samples that nobody has looked at before: this Work, with that of the frozen layers.
    [[nodiscard]] energy::Work looked_once(energy::Work evaluation);

    [[nodiscard]] const run::FrozenCost& cost() const { return cost_; }

    void write(learning::StateWriter& state) const;
    void read(learning::StateReader& state);

private:
    [[nodiscard]] energy::Work first_pass(std::uint32_t node) const;

    const datasets::LearnedPart& part_;
    std::uint32_t batch_size_;
    SamplesOf samples_of_;
    bool is_federated_;
    run::FrozenCost cost_;
    std::vector<std::uint8_t> has_features_;  // by node
};

}  // namespace fedgram::coordinator
