#pragma once

#include <optional>
#include <vector>

#include "coordinator/selection/node_facts.hpp"
#include "coordinator/selection/selection_policy.hpp"

namespace fedgram::coordinator {

/// A uniform draw, begun at the cleanest time within a slack: now, or at the beginning of a later hour, no later than
/// the slack after the round could have begun. The cleanest is the time at which a round of each node that is available
/// now would emit least, its joules times the intensity of its place; the earliest of equals.
///
/// A time at which the intensity of one of these places isn't known is passed over; where that is now, the round
/// begins.
class WaitForCleaner final : public SelectionPolicy {
public:
    /// `slack` > 0. `nodes` must outlive it.
    WaitForCleaner(Seconds slack, std::uint64_t seed, const NodeFacts& nodes);

    [[nodiscard]] Decision select(const Moment& moment) const override;

private:
    /// By place, of the available nodes there.
    [[nodiscard]] std::vector<Joules> joules(std::span<const std::uint32_t> available) const;
    [[nodiscard]] std::optional<GramsCO2e> grams(std::span<const Joules> joules, Seconds at) const;

    Seconds slack_;
    std::uint64_t seed_;
    const NodeFacts& nodes_;
    std::vector<float> joules_;  // by node
};

}  // namespace fedgram::coordinator
