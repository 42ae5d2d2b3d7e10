#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/spec/experiment.hpp"

namespace fedgram::datasets {

/// Which samples each node holds: indices into the training set; each sample in exactly one node.
using Shares = std::vector<std::vector<std::uint32_t>>;

/// Deals `labels` (each below `classes`) out to `nodes` by the spec's rule; the same seed gives the same shares, on
/// every machine. Every node gets at least one sample. Throws SpecError when there are fewer samples than nodes. For
/// every kind but `draws` and `natural`.
[[nodiscard]] Shares partition(std::span<const std::uint8_t> labels, std::uint32_t classes, std::uint32_t nodes,
                               const spec::Partition& rule, std::uint64_t seed);

}  // namespace fedgram::datasets
