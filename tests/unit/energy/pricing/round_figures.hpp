#pragma once

#include "common/energy/devices/device_profile.hpp"

namespace fedgram::energy::test {

/// A device of figures that are easy to work with by hand: 10 W in training, 2 W idle, 4 W on the network,
/// 1 GFLOP/s, 1 GB/s, 0.01 s a step.
inline DeviceProfile round_figures()
{
    const auto figure = [](double value) { return Figure{value, {}, {}, EvidenceLevel::assumed, "for the test"}; };
    DeviceProfile profile;
    profile.id = "round";
    profile.name = "Round figures";
    profile.boundary = "module";
    profile.idle_w = figure(2);
    profile.train_w = figure(10);
    profile.network_w = figure(4);
    profile.sustained_gflops = figure(1);
    profile.memory_gb_s = figure(1);
    profile.step_overhead_s = figure(0.01);
    return profile;
}

}  // namespace fedgram::energy::test
