#pragma once

#include <filesystem>
#include <string>

#include "common/energy/meters/found.hpp"

namespace fedgram::energy {

/// Where the kernel shows its devices: /sys, or the folder that the environment variable FEDGRAM_SYSFS names, for a
/// container that has its host's mounted elsewhere.
[[nodiscard]] std::filesystem::path sysfs_root();

/// All meters of this host that work, and why the others don't.
/// Meters of different boundaries may hold each other: their joules stand side by side and are never added up.
[[nodiscard]] Found discover(const std::filesystem::path& root = sysfs_root(),
                             const std::string& nvml_library = "libnvidia-ml.so.1");

/// Those of them that hold the processor of this machine. No GPU is one. Of hwmon's sensors only those of the whole
/// machine are, since the others don't say what they enclose.
[[nodiscard]] Found discover_machine(const std::filesystem::path& root = sysfs_root());

}  // namespace fedgram::energy
