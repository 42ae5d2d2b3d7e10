#pragma once

#include <cstdint>
#include <span>

#include "common/random/stream.hpp"
#include "datasets/partition/partitioner.hpp"

namespace fedgram::datasets {

/// Labels IID, sizes unequal: the nodes' shares of the samples are one draw of Dirichlet(alpha, ..., alpha) (Li et al.
/// 2021, arXiv:2102.02079). A node that is left empty gets one sample of the largest.
[[nodiscard]] Shares quantity_skew_partition(std::size_t samples, std::uint32_t nodes, double alpha, Stream& stream);

}  // namespace fedgram::datasets
