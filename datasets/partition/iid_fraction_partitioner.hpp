#pragma once

#include <cstdint>
#include <span>

#include "common/random/stream.hpp"
#include "datasets/partition/partitioner.hpp"

namespace fedgram::datasets {

/// The split of Qiu et al. 2020 (arXiv:2010.06537, the carbon baseline in Flower's repository). The samples, shuffled
/// within each class, are interleaved by label (0, 1, ..., 9, 0, 1, ...). The first `iid_fraction` of them is dealt out
/// in order, evenly. The rest is divided in two, the lower half of the classes and the upper one; each part is
/// shuffled, and both are dealt out in order, so that half of the nodes get more of the lower classes and half more of
/// the upper. All nodes have equal sizes, give or take one.
[[nodiscard]] Shares iid_fraction_partition(std::span<const std::uint8_t> labels, std::uint32_t classes,
                                            std::uint32_t nodes, double iid_fraction, Stream& stream);

}  // namespace fedgram::datasets
