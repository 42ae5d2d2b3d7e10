#pragma once

#include <algorithm>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "common/carbon/assumptions/network_energy.hpp"
#include "common/carbon/emissions/banded_figures.hpp"
#include "common/carbon/emissions/emissions.hpp"
#include "common/energy/devices/device_profile.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::carbon {

/// How far one figure moves a column's energy when it alone goes through its band.
struct Sensitivity {
    std::string figure;  ///< as for_each_figure names it: "full_w of jetson-tx2", "router_w of the network"
    double from{};       ///< the band's ends, in the figure's own unit; the likely value where an end isn't known
    double to{};
    Joules at_from;  ///< the column's energy there
    Joules at_to;

    [[nodiscard]] Joules lower() const { return std::min(at_from, at_to); }
    [[nodiscard]] Joules upper() const { return std::max(at_from, at_to); }
};

/// What a column's energy can be by the bands of the figures that it rests on.
struct EnergyBand {
    ColumnEnergy least;                      ///< every figure at that end of its band which draws least
    ColumnEnergy most;                       ///< every figure at the other end: bounds, not a confidence interval
    std::vector<Sensitivity> sensitivities;  ///< of the figures with a band that matter here, the widest first

    [[nodiscard]] Joules low() const { return least.operational(); }
    [[nodiscard]] Joules high() const { return most.operational(); }
};

/// Every figure at the end of its band which draws least, and at the one which draws most, those of both network
/// methods.
struct BandEnds {
    PricingInputs least;
    PricingInputs most;
};
[[nodiscard]] BandEnds band_ends(const PricingInputs& likely);

/// What a column draws on these devices.
using Price = std::function<ColumnEnergy(std::span<const energy::DeviceProfile>, const NetworkModel&)>;

/// `likely` is what `price` gives for the devices and network as they are. `price` must be monotone in each figure, as
/// the pricing of Work is: then the ends of all bands bound the energy. PUE, grid and link have no band: they are
/// choices, made on the command line.
[[nodiscard]] EnergyBand energy_band(std::span<const energy::DeviceProfile> devices, const NetworkModel& network,
                                     const ColumnEnergy& likely, const Price& price);

}  // namespace fedgram::carbon
