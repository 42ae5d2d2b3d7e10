#pragma once

#include <optional>
#include <span>

#include "common/carbon/assumptions/network_energy.hpp"
#include "common/carbon/emissions/energy_band.hpp"
#include "common/energy/devices/device_profile.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::carbon {

/// A column as far as the ratio of its energy to another one's needs it.
struct ComparedEnergy {
    std::span<const energy::DeviceProfile> devices;  ///< none: they were measured, and no figure of theirs is shared
    Joules likely;
    const EnergyBand* band;
    const Price* price;  ///< of the devices; not asked where there are none
};

/// The ratio of two energies by the likely values, and its bounds by the bands of the figures.
struct EnergyRatio {
    double likely = 1;
    double low = 1;
    double high = 1;
};

/// `first` over `second`, with each figure that both rest on at the same value in both: the network's, and the device's
/// where it is the same one. Figures of unlike devices go to their ends each by itself. Where all devices are shared,
/// every figure is at that end of its band which, moved alone, moves the ratio up, or down. Nothing where `second` may
/// draw nothing.
[[nodiscard]] std::optional<EnergyRatio> energy_ratio(const ComparedEnergy& first, const ComparedEnergy& second,
                                                      const NetworkModel& network);

}  // namespace fedgram::carbon
