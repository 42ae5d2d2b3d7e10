#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "datasets/partition/partitioner.hpp"

namespace fedgram::datasets::test {

/// `per_class` samples of each class, interleaved: 0, 1, ..., 0, 1, ...
inline std::vector<std::uint8_t> balanced_labels(std::uint32_t classes, std::uint32_t per_class)
{
    std::vector<std::uint8_t> labels(std::size_t{classes} * per_class);
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::uint8_t>(i % classes);
    return labels;
}

/// How many samples of each class a node holds.
inline std::vector<std::uint32_t> class_counts(const std::vector<std::uint32_t>& share,
                                               const std::vector<std::uint8_t>& labels, std::uint32_t classes)
{
    std::vector<std::uint32_t> counts(classes);
    for (const auto sample : share) ++counts[labels[sample]];
    return counts;
}

inline std::vector<std::size_t> sizes_of(const Shares& shares)
{
    std::vector<std::size_t> sizes;
    for (const auto& share : shares) sizes.push_back(share.size());
    return sizes;
}

}  // namespace fedgram::datasets::test
