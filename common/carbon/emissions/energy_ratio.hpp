#pragma once

#include <optional>

#include "common/carbon/assumptions/network_energy.hpp"
#include "common/carbon/emissions/energy_band.hpp"
#include "common/energy/devices/device_profile.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::carbon {

/// A column as far as the ratio of its energy to another one's needs it.
struct ComparedEnergy {
    const energy::DeviceProfile* device;  ///< nullptr: its devices were measured, and no figure of theirs is shared
    Joules likely;
    const EnergyBand* band;
    const Price* price;  ///< of the device; not asked where there is none
};

/// The ratio of two energies by the likely values, and its bounds by the bands of the figures.
struct EnergyRatio {
    double likely = 1;
    double low = 1;
    double high = 1;
};

/// `first` over `second`, with each figure that both rest on at the same value in both: the network's, and the device's
/// where it is the same one. Figures of unlike devices go to their ends each by itself. Where the device is shared,
/// every figure is at that end of its band which, moved alone, moves the ratio up, or down. Nothing where `second` may
/// draw nothing.
[[nodiscard]] std::optional<EnergyRatio> energy_ratio(const ComparedEnergy& first, const ComparedEnergy& second,
                                                      const NetworkModel& network);

}  // namespace fedgram::carbon
