#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "datasets/partition/partitioner.hpp"
#include "datasets/partition/sample_draws.hpp"

namespace fedgram::datasets {

/// Whether nodes keep some of their samples for a test of their own.
struct NodeTestRule {
    double share = 0;  ///< in [0, 1); above 0 at least one sample of a node that has two, and never all of them
    std::uint64_t seed = 1;
};

/// What the nodes of one training hold: dealt out beforehand, or drawn by each node when it is asked for, which takes
/// no memory for each node.
class NodeShares {
public:
    explicit NodeShares(Shares dealt, NodeTestRule test = {})
        : nodes_{static_cast<std::uint32_t>(dealt.size())}, shares_{std::move(dealt)}, test_{test}
    {
    }
    NodeShares(std::uint32_t nodes, SampleDraws draws, NodeTestRule test = {})
        : nodes_{nodes}, shares_{std::move(draws)}, test_{test}
    {
    }

    [[nodiscard]] std::uint32_t nodes() const { return nodes_; }
    /// How many samples `node`, below `nodes()`, trains on.
    [[nodiscard]] std::uint64_t size(std::uint32_t node) const;
    /// Of all nodes.
    [[nodiscard]] std::uint64_t total() const;
    /// Which, as indices into the training set in ascending order.
    [[nodiscard]] std::vector<std::uint32_t> samples(std::uint32_t node) const;
    /// Those that it tests on instead: a draw of what it holds, in ascending order.
    [[nodiscard]] std::vector<std::uint32_t> test_samples(std::uint32_t node) const;

private:
    enum class Part { train, test };

    [[nodiscard]] std::uint64_t held(std::uint32_t node) const;
    [[nodiscard]] std::uint64_t test_size(std::uint32_t node) const;
    [[nodiscard]] std::vector<std::uint32_t> part(std::uint32_t node, Part part) const;

    std::uint32_t nodes_;
    std::variant<Shares, SampleDraws> shares_;
    NodeTestRule test_;
};

}  // namespace fedgram::datasets
