#include "common/energy/pricing/roofline.hpp"

#include <algorithm>

namespace fedgram::energy {

Seconds compute_time(const Work& work, const DeviceProfile& profile)
{
    const double arithmetic = static_cast<double>(work.flops) / profile.flops_per_second();
    const double memory = static_cast<double>(work.memory_bytes) / profile.memory_bytes_per_second();
    return Seconds{std::max(arithmetic, memory)} + profile.step_overhead() * static_cast<double>(work.steps);
}

}  // namespace fedgram::energy
