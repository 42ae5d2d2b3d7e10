#pragma once

#include <vector>

#include "common/spec/selection.hpp"
#include "coordinator/selection/node_facts.hpp"
#include "coordinator/selection/selection_policy.hpp"

namespace fedgram::coordinator {

/// Oort (Lai et al., OSDI 2021), by the rule of its authors' code; oort_score.hpp has the terms.
///
/// A share of the cohort explores: nodes that have never delivered, drawn by sample count from the largest. The share
/// falls from round to round, and is 0 once there is no such node. The others are drawn by score from those above a
/// cut-off. A node that is slower than T scores less; T is a percentile of all nodes' seconds, which a pacer moves: up
/// where the utility of the explored stays within 10 %, down where it changes fivefold.
///
/// An update says the mean of its losses alone, so that stands for the root of their mean square, which is no smaller
/// and the same where all samples have the same loss. A node that was lost stays what it was. Where its authors' code
/// fails (no node scored, or all taken) this goes on.
class Oort final : public SelectionPolicy {
public:
    /// `nodes` must outlive it.
    Oort(const spec::OortConstants& constants, std::uint64_t seed, const NodeFacts& nodes);

    [[nodiscard]] Decision select(const Moment& moment) const override;
    void learn(const RoundOutcome& outcome) override;
    void write(learning::StateWriter& state) const override;
    void read(learning::StateReader& state) override;

    /// Of the next cohort, the share that explores.
    [[nodiscard]] double explore_share() const;
    /// The percentile of the nodes' seconds that T is.
    [[nodiscard]] double percentile() const { return percentile_; }

private:
    [[nodiscard]] bool is_explored(std::uint32_t node) const { return last_round_[node] > 0; }
    [[nodiscard]] Seconds preferred() const;
    [[nodiscard]] std::vector<std::uint32_t> exploit(const Moment& moment, Seconds preferred) const;
    [[nodiscard]] std::vector<std::uint32_t> explore(const Moment& moment, Seconds preferred, std::size_t count) const;
    void pace(std::uint32_t round);

    spec::OortConstants constants_;
    std::uint64_t seed_;
    const NodeFacts& nodes_;
    // By node. Until it has delivered: its sample count, the seconds expected of it, and 0.
    std::vector<float> utility_;
    std::vector<float> seconds_;
    std::vector<std::uint32_t> last_round_;
    std::uint32_t unexplored_;
    double explore_;               // share in the last round
    double percentile_;            // of T
    std::vector<double> history_;  // mean utility of the explored nodes of each round, of two pacer steps at most
};

}  // namespace fedgram::coordinator
