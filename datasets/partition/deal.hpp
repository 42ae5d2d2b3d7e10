#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "datasets/partition/partitioner.hpp"

namespace fedgram::datasets {

/// 0 to size - 1.
[[nodiscard]] std::vector<std::uint32_t> all_indices(std::size_t size);

/// Appends the first counts[0] of `samples` to node 0, the next counts[1] to node 1, and so on. The counts' sum is the
/// number of samples.
void deal(std::span<const std::uint32_t> samples, std::span<const std::uint32_t> counts, Shares& shares);

/// Gives each empty node one sample of the node that then has most (ties: the first), so that no node sits idle.
/// There must be at least as many samples as nodes.
void fill_empty_nodes(Shares& shares);

}  // namespace fedgram::datasets
