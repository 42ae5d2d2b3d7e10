#pragma once

#include <cstdint>
#include <span>

#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

/// A copy of the training samples at `indices`, in their order, without the nodes that they are of.
[[nodiscard]] OwnedSplit chosen_samples(const Dataset& data, std::span<const std::uint32_t> indices);

}  // namespace fedgram::datasets
