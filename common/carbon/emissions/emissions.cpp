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
    ColumnEnergy column;
    column.devices = energy.download + energy.train + energy.upload;
    column.device_time = energy.busy;
    if (accounting.idle) {
        column.devices += energy.idle;
        column.device_time += energy.waiting;
    }
    add_network(column, energy.bytes_down, energy.bytes_up, accounting.link, network);
    return column;
}

ColumnEnergy federated_column(const energy::TrainingEnergy& energy, const Accounting& accounting)
{
    return federated_column(energy, accounting, accounting.network);
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
