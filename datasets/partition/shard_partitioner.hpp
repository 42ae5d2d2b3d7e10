#pragma once

#include <cstdint>
#include <span>

#include "common/random/stream.hpp"
#include "datasets/partition/partitioner.hpp"

namespace fedgram::datasets {

/// Sorted by label, cut into nodes x shards_per_node shards of equal size (give or take one sample), and
/// shards_per_node of them dealt to each node at random (McMahan et al. 2017, arXiv:1602.05629, section 3). Throws
/// SpecError when there are fewer samples than shards.
[[nodiscard]] Shares shard_partition(std::span<const std::uint8_t> labels, std::uint32_t classes, std::uint32_t nodes,
                                     std::uint32_t shards_per_node, Stream& stream);

}  // namespace fedgram::datasets
