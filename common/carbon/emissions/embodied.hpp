#pragma once

#include <optional>

#include "common/energy/devices/device_profile.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::carbon {

/// The share of a device's making that `time` in use takes up: embodied x hours / lifetime hours, with 8766 hours
/// a year. Nothing when the profile has no figure for its making or its lifetime: unknown is not zero.
[[nodiscard]] std::optional<GramsCO2e> embodied_share(const energy::DeviceProfile& profile, Seconds time);

}  // namespace fedgram::carbon
