#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace fedgram::datasets {

/// `total` whole things in proportion to `weights` (each >= 0, their sum > 0), by the largest remainder: each weight
/// gets its quota rounded down, and what is left goes one by one to the largest fractions (ties: the first).
[[nodiscard]] std::vector<std::uint32_t> apportion(std::uint32_t total, std::span<const double> weights);

/// As even as whole numbers allow: the first `total % parts` parts get one more.
[[nodiscard]] std::vector<std::uint32_t> apportion_evenly(std::uint32_t total, std::uint32_t parts);

}  // namespace fedgram::datasets
