#pragma once

#include <cstdint>

#include "common/units/quantity.hpp"

namespace fedgram::serving {

/// A time since the start, or how long something takes. Whole, so that no order of additions changes it.
using Nanoseconds = Quantity<struct NanosecondsUnit, std::int64_t>;

inline constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;

/// No setting, service or simulation is longer (31 years), so that the sum of a few never overflows.
inline constexpr Nanoseconds longest_time{1'000'000'000'000'000'000};

[[nodiscard]] constexpr Seconds seconds(Nanoseconds time)
{
    return Seconds{static_cast<double>(time.count()) / nanoseconds_per_second};
}

}  // namespace fedgram::serving
