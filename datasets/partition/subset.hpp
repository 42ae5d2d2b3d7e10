#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/random/stream.hpp"

namespace fedgram::datasets {

/// A seeded subset of `count` training samples with the classes' shares kept, as indices in ascending order.
[[nodiscard]] std::vector<std::uint32_t> subset(std::span<const std::uint8_t> labels, std::uint32_t classes,
                                                std::uint32_t count, std::uint64_t seed);

/// The same of samples of which there are enough, by the streams of a purpose of its own.
[[nodiscard]] std::vector<std::uint32_t> balanced_subset(std::span<const std::uint8_t> labels, std::uint32_t classes,
                                                         std::uint32_t count, std::uint64_t seed, Purpose purpose);

}  // namespace fedgram::datasets
