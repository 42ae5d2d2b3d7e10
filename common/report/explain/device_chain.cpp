#include "common/report/explain/device_chain.hpp"

#include "common/energy/pricing/compute_time.hpp"
#include "common/report/explain/section.hpp"

namespace fedgram::report {

std::string host_line(const WorkChain& chain, const energy::DeviceProfile& device)
{
    const auto kernels = amount(chain.work.kernels, "kernel");
    if (device.execution == energy::Execution::graph)
        return "launches " + kernels + " x " + digits(device.graph_launch_s.value) +
               " s (graph_launch_s) = " + digits(chain.launching_time.count()) + " s; the samples are on the device";
    return "loads " + amount(chain.work.samples, "sample") + " x " + digits(device.loading_s.value) +
           " s (loading_s) = " + digits(chain.loading_time.count()) + " s; launches " +
           amount(chain.work.steps, "step") + " x " + digits(device.step_overhead_s.value) + " s (step_overhead_s) + " +
           kernels + " x " + digits(device.eager_launch_s.value) +
           " s (eager_launch_s) = " + digits(chain.launching_time.count()) + " s";
}

std::string device_line(const WorkChain& chain, const energy::DeviceProfile& device)
{
    return amount(chain.work.kernels, "kernel") + " x " + digits(device.kernel_s.value) +
           " s (kernel_s) = " + digits(chain.short_kernels.count()) + " s, and at the full rate max(FLOPs / (" +
           digits(device.sustained_gflops.value) + " x 1e9), memory bytes / (" + digits(device.memory_gb_s.value) +
           " x 1e9))" +
           (chain.clock < 1 ? " / " + digits(chain.clock) + ", the clock's share under power_limit_w " +
                                  digits(device.power_limit_w->value) + " W,"
                            : std::string{}) +
           " = " + digits(chain.full_rate.count()) + " s" + "; FLOPs are the larger in " +
           std::to_string(chain.flops_bound) + " of " + std::to_string(chain.pieces);
}

std::string train_time_line(const WorkChain& chain)
{
    return "the longest of loading, launching and the device's sum: " + digits(chain.train().count()) +
           " s; loading in " + std::to_string(chain.loading) + ", launching in " + std::to_string(chain.launching) +
           ", the device in " + std::to_string(chain.pieces - chain.loading - chain.launching) + " of " +
           std::to_string(chain.pieces);
}

std::string compute_energy_line(const WorkChain& chain, const energy::DeviceProfile& device, Joules energy)
{
    const auto power = energy::compute_power(device);
    const auto part = [](const char* key, Watts watts, Seconds time) {
        return std::string{key} + " " + digits(watts.count()) + " W x " + digits(time.count()) + " s";
    };
    return part("waiting for the host, active_idle_w", power.waiting, chain.waiting) + " + " +
           part("small_kernels_w", power.short_kernels, chain.short_kernels) + " + " +
           part("full_w", power.full_rate, chain.full_rate) + " = " + digits(energy.count()) + " J";
}

}  // namespace fedgram::report
