#pragma once

#include <algorithm>

#include "common/energy/devices/device_profile.hpp"
#include "common/energy/work/work.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::energy {

/// What the virtual time of some work on a device is made of.
struct ComputeTime {
    Seconds arithmetic;  ///< FLOPs over the sustained rate
    Seconds memory;      ///< bytes over the bandwidth
    Seconds overhead;    ///< of the steps

    /// The larger of arithmetic and memory.
    [[nodiscard]] Seconds roofline() const { return std::max(arithmetic, memory); }
    [[nodiscard]] bool flops_bound() const { return arithmetic >= memory; }
    [[nodiscard]] Seconds sum() const { return roofline() + overhead; }
};

/// By Williams, Waterman and Patterson 2009, "Roofline", plus the overhead of each step, which dominates for small
/// models on big GPUs. Bytes sent over the network don't count here.
[[nodiscard]] ComputeTime compute_time(const Work& work, const DeviceProfile& profile);

}  // namespace fedgram::energy
