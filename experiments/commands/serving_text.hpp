#pragma once

#include <span>
#include <string>

#include "common/energy/devices/serving_profile.hpp"

namespace fedgram::experiments {

/// For people: a server's rates by kind of number and its other figures, each with its standing and source.
[[nodiscard]] std::string serving_text(const energy::ServingProfile& profile);

/// A line for each device.
[[nodiscard]] std::string serving_list_text(std::span<const energy::ServingProfile> profiles);

}  // namespace fedgram::experiments
