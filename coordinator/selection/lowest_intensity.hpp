#pragma once

#include "coordinator/selection/node_facts.hpp"
#include "coordinator/selection/selection_policy.hpp"

namespace fedgram::coordinator {

/// The available nodes whose places have the lowest grid intensity now; among those of the last place that comes in,
/// or of several that are equal, a uniform draw. A place whose intensity isn't known comes behind all others.
///
/// Places are compared with each other: one at its own daily best is no better for that (flwr-lowcarb compares each
/// with its own forecast, which favours dirty grids).
class LowestIntensity final : public SelectionPolicy {
public:
    /// `nodes` must outlive it.
    LowestIntensity(std::uint64_t seed, const NodeFacts& nodes) : seed_{seed}, nodes_{nodes} {}

    [[nodiscard]] Decision select(const Moment& moment) const override;

private:
    std::uint64_t seed_;
    const NodeFacts& nodes_;
};

}  // namespace fedgram::coordinator
