#pragma once

#include <span>
#include <string>

#include "common/energy/devices/inference_profile.hpp"

namespace fedgram::experiments {

/// For people: a device's limits and rates by type of number, each with its standing and source, and the measured rows.
[[nodiscard]] std::string inference_text(const energy::InferenceProfile& profile);

/// A line for each device.
[[nodiscard]] std::string inference_list_text(std::span<const energy::InferenceProfile> profiles);

}  // namespace fedgram::experiments
