#pragma once

#include <cstddef>

#include "common/energy/devices/device_profile.hpp"
#include "common/energy/work/work.hpp"
#include "common/run/run_record.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::report {

/// What a training's devices computed, without wasted lines, and how the roofline of one kind of device takes it.
struct WorkChain {
    energy::Work work;
    std::size_t pieces = 0;       ///< node rounds, or a centralized training's intervals
    std::size_t flops_bound = 0;  ///< of the pieces: those where FLOPs and not memory set the time
    Seconds computing;            ///< the roofline's part of the training time
    Seconds overhead;             ///< the steps' part
};

[[nodiscard]] WorkChain work_chain(const run::TrainingRecord& record, const energy::DeviceProfile& device);

}  // namespace fedgram::report
