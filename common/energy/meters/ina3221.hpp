#pragma once

#include <filesystem>

#include "common/energy/meters/found.hpp"

namespace fedgram::energy {

/// A Jetson's power rails (chip INA3221) below `sys`: by hwmon on JetPack 5 and newer, by iio on JetPack 4. One meter:
/// the input rail, which feeds all others, where the board has one; else the sum of the rails that are connected.
[[nodiscard]] Found open_ina3221(const std::filesystem::path& sys);

}  // namespace fedgram::energy
