#pragma once

#include "common/energy/devices/device_profile.hpp"

namespace fedgram::energy::test {

/// A device of figures that are easy to work with by hand: 10 W at the full rate of 1 GFLOP/s and 1 GB/s, 5 W with
/// small kernels, 3 W while it waits for its host, 2 W idle, 4 W on the network. A kernel takes 0.01 s; its host needs
/// 0.02 s to launch it, in a graph 0.005 s, 0.5 s a step and 0.1 s a sample.
inline DeviceProfile round_figures()
{
    const auto figure = [](double value) { return Figure{value, {}, {}, EvidenceLevel::assumed, "for the test"}; };
    DeviceProfile profile;
    profile.id = "round";
    profile.name = "Round figures";
    profile.boundary = "module";
    profile.idle_w = figure(2);
    profile.active_idle_w = figure(3);
    profile.small_kernels_w = figure(5);
    profile.full_w = figure(10);
    profile.network_w = figure(4);
    profile.sustained_gflops = figure(1);
    profile.memory_gb_s = figure(1);
    profile.kernel_s = figure(0.01);
    profile.eager_launch_s = figure(0.02);
    profile.graph_launch_s = figure(0.005);
    profile.step_overhead_s = figure(0.5);
    profile.loading_s = figure(0.1);
    return profile;
}

}  // namespace fedgram::energy::test
