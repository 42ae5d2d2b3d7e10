#pragma once

#include <cstddef>

#include "common/energy/devices/device_profile.hpp"
#include "common/energy/work/work.hpp"
#include "common/run/run_record.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::report {

/// What a training's devices computed, without wasted lines, and what its time on one kind of device is made of. Times
/// are sums over the pieces.
struct WorkChain {
    energy::Work work;
    std::size_t pieces = 0;       ///< node rounds, or a centralized training's intervals
    std::size_t loading = 0;      ///< of the pieces: those where loading takes longest
    std::size_t launching = 0;    ///< the same of launching; the device sets the pace of the others
    std::size_t flops_bound = 0;  ///< of the pieces: those where FLOPs and not memory set the time at the full rate
    Seconds loading_time;
    Seconds launching_time;
    Seconds short_kernels;
    Seconds full_rate;
    Seconds waiting;   ///< of the device for its host
    double clock = 1;  ///< share of the full clock that the power limit leaves

    [[nodiscard]] Seconds train() const { return waiting + short_kernels + full_rate; }
};

[[nodiscard]] WorkChain work_chain(const run::TrainingRecord& record, const energy::DeviceProfile& device);
/// Of one piece.
[[nodiscard]] WorkChain work_chain(const energy::Work& work, const energy::DeviceProfile& device);

}  // namespace fedgram::report
