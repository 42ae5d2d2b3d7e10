#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/energy/devices/device_profile.hpp"
#include "common/energy/work/work.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::experiments {

/// What sets the pace of some work: the host that launches kernels, or the device.
enum class Pace { host, device };

[[nodiscard]] std::string_view name(Pace pace);

/// Watts over a stretch of a log, with the lower and the higher of its two halves' means.
struct MeanPower {
    Watts mean;
    Watts low;
    Watts high;
    std::string source;  ///< which log, how long, how much of it is missing
};

/// Known work, and what the device drew meanwhile.
struct MeasuredStretch {
    energy::Work work;
    Seconds seconds;
    Seconds uncertainty;  ///< of the seconds: how coarse the window's ends are
    MeanPower power;
    std::optional<Pace> pace;  ///< nothing: by the watts, see `pace_of`
};

/// Means without work. What isn't given stays as the base profile has it.
struct IdlePower {
    std::optional<MeanPower> idle;         ///< nothing open
    std::optional<MeanPower> active_idle;  ///< the runtime open, nothing to do
};

/// By its watts, as the device they are nearer to: one that waits for its host, or one at its full rate. A device from
/// which launches take nothing is its own host, and sets its pace itself.
[[nodiscard]] Pace pace_of(const MeasuredStretch& stretch, const energy::DeviceProfile& device);

/// `base` with the figures that the stretches tell, so that each of them is met: those where the device sets the pace
/// give both rates and `full_w`, the others `eager_launch_s` and the watts of waiting. The figures are `fitted`, those
/// of idle logs `measured`; sources name the logs. There may be one stretch of each pace. Where the
/// device sets the pace, its host takes no longer than the stretch.
/// Throws SpecError for a stretch without kernels, FLOPs or bytes, for two of one pace, and for one that no figures
/// meet within 5 %: watts below those of the idle log, less time than the kernels take, or two that contradict.
[[nodiscard]] energy::DeviceProfile fitted_profile(energy::DeviceProfile base, const IdlePower& idle,
                                                   std::span<const MeasuredStretch> stretches);

}  // namespace fedgram::experiments
