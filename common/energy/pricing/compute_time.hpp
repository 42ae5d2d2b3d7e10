#pragma once

#include <algorithm>

#include "common/energy/devices/device_profile.hpp"
#include "common/energy/work/work.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::energy {

/// What the virtual time of some work on a device is made of. The host loads samples and launches kernels, and the
/// device computes, all at once: the longest of the three sets the pace.
struct ComputeTime {
    Seconds loading;        ///< samples through the host's input pipeline; none where a captured graph runs
    Seconds launching;      ///< of the host: the steps' own part and the kernels' launches
    Seconds short_kernels;  ///< what the device's kernels take at least, however little they do
    Seconds arithmetic;     ///< FLOPs over the full rate
    Seconds memory;         ///< bytes over the bandwidth
    double clock = 1;       ///< share of the full clock that the power limit leaves; it is in the two above

    /// The time at the full rate: the larger of arithmetic and memory (the roofline of Williams, Waterman and Patterson
    /// 2009).
    [[nodiscard]] Seconds full_rate() const { return std::max(arithmetic, memory); }
    [[nodiscard]] bool flops_bound() const { return arithmetic >= memory; }
    /// A kernel that does n at a full rate r takes kernel_s + n / r (Hockney 1982: r_infinity and n_1/2), so that the
    /// rate which it reaches grows with what it has to do.
    [[nodiscard]] Seconds busy() const { return short_kernels + full_rate(); }
    [[nodiscard]] Seconds sum() const { return std::max({loading, launching, busy()}); }
    /// The device waits for its host.
    [[nodiscard]] Seconds waiting() const { return sum() - busy(); }
};

/// Bytes sent over the network don't count here.
[[nodiscard]] ComputeTime compute_time(const Work& work, const DeviceProfile& profile);

/// What a device draws while it computes, in the three states that `ComputeTime` tells apart.
struct ComputePower {
    Watts waiting;        ///< for the host
    Watts short_kernels;  ///< busy, with hardly anything to do
    Watts full_rate;

    [[nodiscard]] Joules over(const ComputeTime& time) const
    {
        return waiting * time.waiting() + short_kernels * time.short_kernels + full_rate * time.full_rate();
    }
};

/// Under the profile's power limit. No state draws less than the one before it: where a figure's band goes beyond
/// the next figure, that one gives way.
[[nodiscard]] ComputePower compute_power(const DeviceProfile& profile);

}  // namespace fedgram::energy
