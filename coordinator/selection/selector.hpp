#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "common/spec/experiment.hpp"
#include "coordinator/selection/node_facts.hpp"
#include "coordinator/selection/participation.hpp"
#include "coordinator/selection/selection_policy.hpp"

namespace fedgram::coordinator {

/// Who takes part in the rounds of one training: a policy, from which the nodes are kept that have taken part as often
/// as they may, and a record of who did.
///
///     select ── Wait ────▶ select at that time, or when other nodes are available
///            ── Probes ──▶ choose, with the losses
///            ── Cohort ──▶ the round; learn, once it counts
///            ── Stop ────▶ the training ends
class Selector {
public:
    /// `nodes` must outlive it. Throws SpecError where the training's selection can't have a single round.
    Selector(const spec::Training& federated, std::uint64_t seed, const NodeFacts& nodes);

    /// Nobody need be available.
    [[nodiscard]] Decision select(const Moment& moment) const;
    /// Where `select` gave probes, with the same moment and the losses of those that answered, in any order: a cohort,
    /// or Wait where nobody did.
    [[nodiscard]] Decision choose(const Moment& moment, std::span<const ProbedLoss> losses) const;
    void learn(const RoundOutcome& outcome);

    [[nodiscard]] const Participation& participation() const { return participation_; }

    /// What was learnt, for a checkpoint; at most 16 bytes a node. `read` throws DataError for that of another
    /// training.
    void write(learning::StateWriter& state) const;
    void read(learning::StateReader& state);

private:
    std::unique_ptr<SelectionPolicy> policy_;
    std::optional<std::uint32_t> limit_;
    Participation participation_;
};

}  // namespace fedgram::coordinator
