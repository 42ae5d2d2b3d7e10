#pragma once

#include <filesystem>

#include "common/energy/meters/found.hpp"

namespace fedgram::energy {

/// Energy counters, and where a chip has none its power sensors, below `sys`/class/hwmon: one meter each, since the
/// interface doesn't say which of them hold each other. It leaves out Jetson's rails and batteries, which have meters
/// of their own, and the cores of a socket that has a counter too.
[[nodiscard]] Found open_hwmon(const std::filesystem::path& sys);

}  // namespace fedgram::energy
