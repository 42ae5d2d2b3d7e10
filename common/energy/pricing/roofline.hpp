#pragma once

#include "common/energy/devices/device_profile.hpp"
#include "common/energy/work/work.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::energy {

/// Virtual time of `work` on a device: the larger of FLOPs over the sustained rate and memory bytes over the
/// bandwidth (Williams, Waterman and Patterson 2009, "Roofline"), plus the overhead of each step, which dominates
/// for small models on big GPUs. Bytes sent over the network don't count here.
[[nodiscard]] Seconds compute_time(const Work& work, const DeviceProfile& profile);

}  // namespace fedgram::energy
