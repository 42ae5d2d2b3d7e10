#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/random/stream.hpp"

namespace fedgram::learning {

/// The places of the `count` largest magnitudes, 1 to all of them, in ascending order. Of equal ones the first are
/// taken.
[[nodiscard]] std::vector<std::uint32_t> largest_magnitudes(std::span<const float> values, std::uint32_t count);

/// `count` different places below `parameters`, in ascending order; each set of them is as likely as any other.
[[nodiscard]] std::vector<std::uint32_t> random_indices(Stream& random, std::uint32_t count, std::uint32_t parameters);

}  // namespace fedgram::learning
