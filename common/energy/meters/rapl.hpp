#pragma once

#include <filesystem>

#include "common/energy/meters/found.hpp"

namespace fedgram::energy {

/// The CPU's own counters (RAPL, Intel and AMD) by powercap below `sys`. One meter sums the packages and their DRAM,
/// which no package holds; `core` and `uncore` are inside a package and never added. The platform zone (`psys`), which
/// holds the package too, is a meter of its own. No zone draws more than `most`.
[[nodiscard]] Found open_rapl(const std::filesystem::path& sys, Watts most = Watts{1000});

}  // namespace fedgram::energy
