#pragma once

#include <vector>

#include "common/energy/devices/serving_profile.hpp"

namespace fedgram::energy {

/// The device with all of its rates, bandwidths, times and watts at once at the ends of their bands that draw least,
/// and at those that draw most: bounds, as a table's are (common/carbon/README.md). What it holds and costs stays.
[[nodiscard]] std::vector<ServingProfile> ends_of(const ServingProfile& device);

/// The fastest and the slowest, each at the least and the most watts: of a part of what it draws, as of waiting, the
/// extremes may be where fast and slow meet the other watts.
[[nodiscard]] std::vector<ServingProfile> corners_of(const ServingProfile& device);

}  // namespace fedgram::energy
