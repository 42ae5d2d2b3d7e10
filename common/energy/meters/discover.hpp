#pragma once

#include <filesystem>
#include <string>

#include "common/energy/meters/found.hpp"

namespace fedgram::energy {

/// All meters of this host that work, and why the others don't. `root` is where the kernel shows its devices (/sys).
/// Meters of different boundaries may hold each other: their joules stand side by side and are never added up.
[[nodiscard]] Found discover(const std::filesystem::path& root = "/sys",
                             const std::string& nvml_library = "libnvidia-ml.so.1");

/// Of these the meters that hold the processor which this program runs on: no GPU, and of hwmon's sensors only those of
/// the whole machine, since the others don't say what they enclose.
[[nodiscard]] Found discover_machine(const std::filesystem::path& root = "/sys");

}  // namespace fedgram::energy
