#include "common/energy/pricing/roofline.hpp"

namespace fedgram::energy {

ComputeTime compute_time(const Work& work, const DeviceProfile& profile)
{
    return {Seconds{static_cast<double>(work.flops) / profile.flops_per_second()},
            Seconds{static_cast<double>(work.memory_bytes) / profile.memory_bytes_per_second()},
            profile.step_overhead() * static_cast<double>(work.steps)};
}

}  // namespace fedgram::energy
