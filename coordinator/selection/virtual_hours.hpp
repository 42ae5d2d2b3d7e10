#pragma once

#include <cmath>
#include <cstdint>

#include "common/units/quantity.hpp"

namespace fedgram::coordinator {

inline constexpr double seconds_per_hour = 3600;

/// The hour of virtual time that contains this second; hour 0 begins at second 0.
[[nodiscard]] inline std::uint64_t hour_of(Seconds at)
{
    return static_cast<std::uint64_t>(std::floor(at.count() / seconds_per_hour));
}

[[nodiscard]] inline Seconds start_of(std::uint64_t hour)
{
    return Seconds{static_cast<double>(hour) * seconds_per_hour};
}

}  // namespace fedgram::coordinator
