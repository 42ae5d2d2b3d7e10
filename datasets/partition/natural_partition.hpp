#pragma once

#include <cstdint>
#include <span>

#include "datasets/partition/partitioner.hpp"
#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

/// Each node holds what its data says is its own, of the training samples `indices`: node 0 those of whoever comes
/// first in the data, and so on. Owners beyond the last node take no part. Throws SpecError where the data names no
/// owners, or fewer than `nodes` with a sample.
[[nodiscard]] Shares natural_partition(const Dataset& data, std::span<const std::uint32_t> indices,
                                       std::uint32_t nodes);

}  // namespace fedgram::datasets
