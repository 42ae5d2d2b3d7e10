#pragma once

#include "common/spec/number_range.hpp"

namespace fedgram::energy {

/// More than any device draws, so that sums of such figures are finite.
inline constexpr double most_watts = 1e6;

// What a device may draw.
inline constexpr spec::NumberRange watts{.high = most_watts};
inline constexpr spec::NumberRange watts_above_0{
    .low_end = spec::NumberRange::Low::excluded, .high = most_watts, .words = "a number above 0, and at most 1000000"};

}  // namespace fedgram::energy
