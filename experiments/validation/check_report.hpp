#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "common/energy/devices/device_profile.hpp"
#include "experiments/validation/device_check.hpp"

namespace fedgram::experiments {

/// Modelled beside measured, row by row, with the factors and their median and worst.
[[nodiscard]] std::string check_text(const energy::DeviceProfile& profile, const Measurements& measurements,
                                     const DeviceCheck& check);

/// The same, unrounded; `validation` is what a profile has under that key, or null.
[[nodiscard]] nlohmann::ordered_json check_json(const energy::DeviceProfile& profile, const Measurements& measurements,
                                                const DeviceCheck& check);

}  // namespace fedgram::experiments
