#pragma once

#include <cstdint>
#include <optional>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/carbon/assumptions/pue.hpp"
#include "common/carbon/grid/grid.hpp"
#include "common/energy/devices/device_profile.hpp"
#include "common/energy/pricing/training_energy.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::carbon {

/// Emissions of one training by scope. Scope 1 is zero: nothing is burnt on the spot.
struct TrainingEmissions {
    GramsCO2e scope2;                   ///< electricity of the devices, with PUE where there is one
    GramsCO2e network;                  ///< electricity of the network equipment (scope 3)
    std::optional<GramsCO2e> embodied;  ///< share of the devices' making (scope 3); nothing when not known

    /// Scope 2 and network: what the published tables count.
    [[nodiscard]] GramsCO2e operational() const { return scope2 + network; }
    /// With the embodied share; nothing when that isn't known.
    [[nodiscard]] std::optional<GramsCO2e> total() const;

    TrainingEmissions& operator+=(const TrainingEmissions& other);
};

/// What a training draws by one set of assumptions: the same in every country.
struct ColumnEnergy {
    Joules devices;            ///< with PUE, and with waiting where it is counted
    Joules network;            ///< by the method in use
    Joules network_otherwise;  ///< by the other method, for the sensitivity line
    Seconds device_time;       ///< that the embodied share is charged for

    [[nodiscard]] Joules operational() const { return devices + network; }

    ColumnEnergy& operator+=(const ColumnEnergy& more);
};

/// On edge devices: all phases of the nodes, waiting if `accounting.idle`, and each byte once, at the node's end. A
/// `network` stands in for that of `accounting`.
[[nodiscard]] ColumnEnergy federated_column(const energy::TrainingEnergy& energy, const Accounting& accounting,
                                            const NetworkModel& network);
[[nodiscard]] ColumnEnergy federated_column(const energy::TrainingEnergy& energy, const Accounting& accounting);

/// On a fleet: the same, with the links' own time in the router-power method.
[[nodiscard]] ColumnEnergy fleet_column(const energy::TrainingEnergy& energy, const Accounting& accounting,
                                        const NetworkModel& network);

/// In a data centre: training x PUE; `raw_data_bytes` sent up once if `accounting.raw_data_upload`. A `network` stands
/// in for that of `accounting`.
[[nodiscard]] ColumnEnergy centralized_column(const energy::TrainingEnergy& energy, Pue pue,
                                              const Accounting& accounting, const NetworkModel& network,
                                              std::uint64_t raw_data_bytes);
[[nodiscard]] ColumnEnergy centralized_column(const energy::TrainingEnergy& energy, Pue pue,
                                              const Accounting& accounting, std::uint64_t raw_data_bytes);

/// Devices and network alike draw from the grid of one place.
[[nodiscard]] TrainingEmissions emissions(const ColumnEnergy& energy, GramsPerKilowattHour grid,
                                          const energy::DeviceProfile& device);
/// The same on a device that no profile describes: its embodied share is unknown.
[[nodiscard]] TrainingEmissions emissions(const ColumnEnergy& energy, GramsPerKilowattHour grid);

}  // namespace fedgram::carbon
