#pragma once

#include <string>

#include "common/energy/devices/device_profile.hpp"
#include "common/report/table/work_chain.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::report {

// How Work becomes seconds and joules on a device, as formulas with their numbers put in.

/// What the host does.
[[nodiscard]] std::string host_line(const WorkChain& chain, const energy::DeviceProfile& device);
/// What the device does, of all pieces.
[[nodiscard]] std::string device_line(const WorkChain& chain, const energy::DeviceProfile& device);
/// What sets the pace, of all pieces.
[[nodiscard]] std::string train_time_line(const WorkChain& chain);
/// Watts by their times; `energy` is the sum.
[[nodiscard]] std::string compute_energy_line(const WorkChain& chain, const energy::DeviceProfile& device,
                                              Joules energy);

}  // namespace fedgram::report
