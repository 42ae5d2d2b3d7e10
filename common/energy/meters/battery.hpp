#pragma once

#include <filesystem>

#include "common/energy/meters/found.hpp"

namespace fedgram::energy {

/// The host's batteries below `sys`, as one meter of the whole device, its screen included. It measures only while a
/// battery is discharging: at any other time what flows through it isn't what the device draws.
[[nodiscard]] Found open_battery(const std::filesystem::path& sys);

}  // namespace fedgram::energy
