#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "datasets/partition/partitioner.hpp"
#include "datasets/partition/sample_draws.hpp"

namespace fedgram::datasets {

/// What the nodes of one training hold: dealt out beforehand, or drawn by each node when it is asked for, which takes
/// no memory for each node.
class NodeShares {
public:
    explicit NodeShares(Shares dealt) : nodes_{static_cast<std::uint32_t>(dealt.size())}, shares_{std::move(dealt)} {}
    NodeShares(std::uint32_t nodes, SampleDraws draws) : nodes_{nodes}, shares_{std::move(draws)} {}

    [[nodiscard]] std::uint32_t nodes() const { return nodes_; }
    /// How many samples `node`, below `nodes()`, holds.
    [[nodiscard]] std::uint64_t size(std::uint32_t node) const;
    /// Which, as indices into the training set in ascending order.
    [[nodiscard]] std::vector<std::uint32_t> samples(std::uint32_t node) const;

private:
    std::uint32_t nodes_;
    std::variant<Shares, SampleDraws> shares_;
};

}  // namespace fedgram::datasets
