#include "common/energy/pricing/compute_time.hpp"

#include <cmath>

namespace fedgram::energy {

namespace {

struct UncappedPower {
    double waiting;
    double short_kernels;
    double full_rate;
};

UncappedPower uncapped_power(const DeviceProfile& profile)
{
    const double waiting = profile.active_idle_w.value;
    const double short_kernels = std::max(waiting, profile.small_kernels_w.value);
    return {waiting, short_kernels, std::max(short_kernels, profile.full_w.value)};
}

// Under a power limit the clock gives way. What a device draws above its small kernels goes by the square of the clock:
// between the line of a fixed voltage and the cube of one that follows the clock.
double clock_share(const DeviceProfile& profile)
{
    if (!profile.power_limit_w) return 1;
    const auto [waiting, short_kernels, full_rate] = uncapped_power(profile);
    const double limit = profile.power_limit_w->value;
    if (limit >= full_rate) return 1;
    // A band may take `short_kernels` up to the limit: a device never stands still for it.
    constexpr double least_share_of_power = 0.01;
    return std::sqrt(std::max(least_share_of_power, (limit - short_kernels) / (full_rate - short_kernels)));
}

}  // namespace

ComputeTime compute_time(const Work& work, const DeviceProfile& profile)
{
    const auto kernels = static_cast<double>(work.kernels);
    ComputeTime time;
    time.clock = clock_share(profile);
    if (profile.execution == Execution::eager) {
        time.loading = Seconds{static_cast<double>(work.samples) * profile.loading_s.value};
        time.launching = Seconds{static_cast<double>(work.steps) * profile.step_overhead_s.value +
                                 kernels * profile.eager_launch_s.value};
    } else {
        time.launching = Seconds{kernels * profile.graph_launch_s.value};
    }
    time.short_kernels = Seconds{kernels * profile.kernel_s.value};
    time.arithmetic = Seconds{static_cast<double>(work.flops) / (profile.flops_per_second() * time.clock)};
    time.memory = Seconds{static_cast<double>(work.memory_bytes) / (profile.memory_bytes_per_second() * time.clock)};
    return time;
}

ComputePower compute_power(const DeviceProfile& profile)
{
    const auto [waiting, short_kernels, uncapped] = uncapped_power(profile);
    const double full_rate =
        profile.power_limit_w ? std::max(short_kernels, std::min(uncapped, profile.power_limit_w->value)) : uncapped;
    const double error = profile.model_error.value;
    return {Watts{waiting * error}, Watts{short_kernels * error}, Watts{full_rate * error}};
}

}  // namespace fedgram::energy
