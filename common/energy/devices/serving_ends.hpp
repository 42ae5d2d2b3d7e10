#pragma once

#include <vector>

#include "common/energy/devices/serving_profile.hpp"

namespace fedgram::energy {

/// The device with all of its rates, bandwidths, times and watts at once at the ends of their bands that draw least,
/// and at those that draw most: bounds, as a table's are (common/carbon/README.md). What it holds and costs stays.
[[nodiscard]] std::vector<ServingProfile> ends_of(const ServingProfile& device);

}  // namespace fedgram::energy
