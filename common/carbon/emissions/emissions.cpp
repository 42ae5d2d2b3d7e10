#include "common/carbon/emissions/emissions.hpp"

#include "common/carbon/assumptions/network_energy.hpp"
#include "common/carbon/emissions/embodied.hpp"

namespace fedgram::carbon {

namespace {

void add_network(ColumnEnergy& column, std::uint64_t bytes_down, std::uint64_t bytes_up, const energy::Link& link,
                 const NetworkModel& network)
{
    const auto other = network.method == NetworkMethod::router ? NetworkMethod::kwh_per_gb : NetworkMethod::router;
    column.network = network_energy(bytes_down, bytes_up, link, network, network.method);
    column.network_otherwise = network_energy(bytes_down, bytes_up, link, network, other);
}

// Without the network.
ColumnEnergy edge_devices(const energy::TrainingEnergy& energy, bool idle)
{
    ColumnEnergy column;
    column.devices = energy.download + energy.train + energy.upload;
    column.device_time = energy.busy;
    if (idle) {
        column.devices += energy.idle;
        column.device_time += energy.waiting;
    }
    return column;
}

}  // namespace

std::optional<GramsCO2e> TrainingEmissions::total() const
{
    if (!embodied) return std::nullopt;
    return operational() + *embodied;
}

TrainingEmissions& TrainingEmissions::operator+=(const TrainingEmissions& other)
{
    scope2 += other.scope2;
    network += other.network;
    if (embodied && other.embodied)
        *embodied += *other.embodied;
    else
        embodied.reset();  // a sum with an unknown part is unknown
    return *this;
}

ColumnEnergy& ColumnEnergy::operator+=(const ColumnEnergy& more)
{
    devices += more.devices;
    network += more.network;
    network_otherwise += more.network_otherwise;
    device_time += more.device_time;
    return *this;
}

ColumnEnergy federated_column(const energy::TrainingEnergy& energy, const Accounting& accounting,
                              const NetworkModel& network)
{
    auto column = edge_devices(energy, accounting.idle);
    add_network(column, energy.bytes_down, energy.bytes_up, accounting.link, network);
    return column;
}

ColumnEnergy federated_column(const energy::TrainingEnergy& energy, const Accounting& accounting)
{
    return federated_column(energy, accounting, accounting.network);
}

ColumnEnergy fleet_column(const energy::TrainingEnergy& energy, const Accounting& accounting,
                          const NetworkModel& network)
{
    auto column = edge_devices(energy, accounting.idle);
    const auto by_router = Watts{network.router_w.value} * (energy.downloading + energy.uploading);
    const auto by_volume = volume_energy(energy.bytes_down + energy.bytes_up, network.kwh_per_gb.value);
    const bool is_router = network.method == NetworkMethod::router;
    column.network = is_router ? by_router : by_volume;
    column.network_otherwise = is_router ? by_volume : by_router;
    return column;
}

ColumnEnergy centralized_column(const energy::TrainingEnergy& energy, Pue pue, const Accounting& accounting,
                                const NetworkModel& network, std::uint64_t raw_data_bytes)
{
    ColumnEnergy column;
    column.devices = energy.train * pue;
    column.device_time = energy.busy;
    add_network(column, 0, accounting.raw_data_upload ? raw_data_bytes : 0, accounting.link, network);
    return column;
}

ColumnEnergy centralized_column(const energy::TrainingEnergy& energy, Pue pue, const Accounting& accounting,
                                std::uint64_t raw_data_bytes)
{
    return centralized_column(energy, pue, accounting, accounting.network, raw_data_bytes);
}

TrainingEmissions emissions(const ColumnEnergy& energy, GramsPerKilowattHour grid, const energy::DeviceProfile& device)
{
    auto emitted = emissions(energy, grid);
    emitted.embodied = embodied_share(device, energy.device_time);
    return emitted;
}

TrainingEmissions emissions(const ColumnEnergy& energy, GramsPerKilowattHour grid)
{
    return {energy.devices * grid, energy.network * grid, std::nullopt};
}

}  // namespace fedgram::carbon
