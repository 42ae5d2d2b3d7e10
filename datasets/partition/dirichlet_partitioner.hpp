#pragma once

#include <cstdint>
#include <span>

#include "common/random/stream.hpp"
#include "datasets/partition/partitioner.hpp"

namespace fedgram::datasets {

/// Each class is spread over the nodes by its own draw of Dirichlet(alpha, ..., alpha) (Hsu, Qi and Brown 2019,
/// arXiv:1909.06335, in the form of Li et al. 2021, arXiv:2102.02079): a small alpha leaves each node with few classes
/// and the nodes with unequal sizes, a large one comes close to IID. A node that is left empty gets one sample of the
/// largest.
[[nodiscard]] Shares dirichlet_partition(std::span<const std::uint8_t> labels, std::uint32_t classes,
                                         std::uint32_t nodes, double alpha, Stream& stream);

}  // namespace fedgram::datasets
