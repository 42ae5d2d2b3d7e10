#pragma once

#include <filesystem>
#include <string>

#include "common/energy/meters/found.hpp"

namespace fedgram::energy {

/// All meters of this host that work, and why the others don't. `root` is where the kernel shows its devices (/sys).
/// Meters of different boundaries may hold each other: their joules stand side by side and are never added up.
[[nodiscard]] Found discover(const std::filesystem::path& root = "/sys",
                             const std::string& nvml_library = "libnvidia-ml.so.1");

}  // namespace fedgram::energy
