#pragma once

#include <cstdint>
#include <span>

#include "common/random/stream.hpp"
#include "datasets/partition/partitioner.hpp"

namespace fedgram::datasets {

/// Shuffled and dealt out evenly: sizes differ by at most one.
[[nodiscard]] Shares iid_partition(std::size_t samples, std::uint32_t nodes, Stream& stream);

}  // namespace fedgram::datasets
