#pragma once

#include "coordinator/selection/node_facts.hpp"
#include "coordinator/selection/selection_policy.hpp"

namespace fedgram::coordinator {

/// Without replacement, by sample count: `draw_weighted`. A node without samples is never drawn.
class BySamples final : public SelectionPolicy {
public:
    /// `nodes` must outlive it.
    BySamples(std::uint64_t seed, const NodeFacts& nodes) : seed_{seed}, nodes_{nodes} {}

    [[nodiscard]] Decision select(const Moment& moment) const override;

private:
    std::uint64_t seed_;
    const NodeFacts& nodes_;
};

/// So many of the available nodes, ascending, drawn by sample count.
[[nodiscard]] std::vector<std::uint32_t> draw_by_samples(std::uint64_t seed, const Moment& moment,
                                                         const NodeFacts& nodes, std::size_t size);

}  // namespace fedgram::coordinator
