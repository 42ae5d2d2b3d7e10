#include "common/report/table/table.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <utility>

#include "common/energy/pricing/fleet_pricing.hpp"
#include "common/error/context.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::report {

namespace {

// A label is in the heading only where it tells columns apart.
std::string centralized_heading(const run::RunRecord& run, const std::string& label, const std::string& device,
                                carbon::Pue pue)
{
    const auto is_centralized = [](const auto& record) {
        return record.outcome.kind == run::TrainingKind::centralized;
    };
    const bool several = std::count_if(run.trainings.begin(), run.trainings.end(), is_centralized) > 1;
    return (several ? label + ", " : "") + device + ", PUE " + text::shortest(pue.ratio());
}

using Devices = std::span<const energy::DeviceProfile>;

/// A table that is being built, and how each of its columns is priced.
struct Building {
    Table table;
    std::vector<carbon::Price> prices{};  ///< in the order of the columns; empty of a measured one

    void add(Column column, carbon::Price price)
    {
        table.columns.push_back(std::move(column));
        prices.push_back(std::move(price));
    }
};

void add_centralized(Building& building, const run::RunRecord& run, std::size_t index,
                     const energy::DeviceProfile& device, carbon::Pue pue, std::string heading,
                     std::optional<std::size_t> site)
{
    const auto& record = run.trainings[index];
    const auto& accounting = building.table.accounting;
    const auto course = energy::centralized_course(record.work, device);
    const auto place = centralized_place(course, pue, accounting, run.raw_data_bytes);
    const carbon::Price price = [&record, &accounting, pue, raw_data_bytes = run.raw_data_bytes](
                                    Devices devices, const carbon::NetworkModel& network) {
        return centralized_column(energy::centralized_course(record.work, devices.front()).sum, pue, accounting,
                                  network, raw_data_bytes);
    };
    building.add({std::move(heading),
                  index,
                  device.id,
                  pue,
                  course.sum,
                  place.energy,
                  energy_band({&device, 1}, accounting.network, place.energy, price),
                  {place},
                  site},
                 price);
}

void add_centralized(Building& building, const run::RunRecord& run, std::size_t index)
{
    const auto& accounting = building.table.accounting;
    const auto& label = run.trainings[index].outcome.label;
    for (const auto pue : accounting.pue)
        for (const auto& device : accounting.datacenter_devices)
            add_centralized(building, run, index, device, pue, centralized_heading(run, label, device.id, pue), {});
    for (std::size_t i = 0; i < accounting.datacenter_sites.size(); ++i)
        for (const auto& device : accounting.datacenter_devices) {
            const auto& site = accounting.datacenter_sites[i];
            const auto on = device.id + ", " + id_of(site);
            add_centralized(building, run, index, device, *site.pue, centralized_heading(run, label, on, *site.pue), i);
        }
}

// Joules that were read take the place of modelled ones; all else is the same sum.
Column measured_column(const Table& table, const run::RunRecord& run, std::size_t index,
                       const energy::MeasuredTraining& measured, carbon::Pue pue)
{
    energy::TrainingEnergy drawn;
    drawn.train = *measured.reading.joules;
    drawn.busy = measured.seconds;
    drawn.virtual_time = measured.seconds;
    const auto place = centralized_place({drawn, {drawn}}, pue, table.accounting, run.raw_data_bytes);
    const auto lag = place.energy.devices * measured.lag();
    auto least = place.energy, most = place.energy;
    least.devices = least.devices - lag;
    most.devices += lag;
    const auto& name = measured.reading.meter;
    Column column{centralized_heading(run, run.trainings[index].outcome.label, "measured on " + name, pue),
                  index,
                  name,
                  pue,
                  drawn,
                  place.energy,
                  {least, most, {}},
                  {place}};
    column.measured = measured;
    return column;
}

void add_measured(Building& building, const run::RunRecord& run, std::size_t index)
{
    const auto& table = building.table;
    const auto& accounting = table.accounting;
    const auto& record = run.trainings[index];
    for (const auto& measured : record.measured) {
        if (!measured.whole(record.outcome.rounds)) continue;
        for (const auto pue : accounting.pue) building.add(measured_column(table, run, index, measured, pue), {});
        for (std::size_t i = 0; i < accounting.datacenter_sites.size(); ++i) {
            const auto& site = accounting.datacenter_sites[i];
            auto column = measured_column(table, run, index, measured, *site.pue);
            column.heading = centralized_heading(run, record.outcome.label,
                                                 "measured on " + column.device + ", " + id_of(site), *site.pue);
            column.site = i;
            building.add(std::move(column), {});
        }
    }
}

void add_federated(Building& building, const run::RunRecord& run, std::size_t index)
{
    const auto& record = run.trainings[index];
    const auto& accounting = building.table.accounting;
    const auto& device = accounting.edge_device;
    const auto groups = std::max<std::size_t>(1, accounting.node_places.size());
    const auto course = energy::federated_course(record.work, device, accounting.link, groups);
    const auto drawn = federated_column(course.sum, accounting);
    const carbon::Price price = [&record, &accounting](Devices devices, const carbon::NetworkModel& network) {
        return federated_column(energy::federated_energy(record.work, devices.front(), accounting.link), accounting,
                                network);
    };
    const auto count = [&](const energy::TrainingEnergy& energy) { return federated_column(energy, accounting); };
    building.add(
        {record.outcome.label + ", " + device.id, index, device.id, std::nullopt, course.sum, drawn,
         energy_band({&device, 1}, accounting.network, drawn, price), carbon::federated_places(course.groups, count)},
        price);
}

// A band for each group: figures of a device move all groups that have it.
std::vector<FleetPart> fleet_parts(const energy::FleetTraining& training, const energy::FederatedCourse& course,
                                   const std::vector<energy::DeviceProfile>& devices,
                                   const carbon::Accounting& accounting)
{
    std::vector<FleetPart> parts;
    const auto [least, most] = carbon::band_ends({devices, accounting.network});
    const auto at_least = training.course(least.devices), at_most = training.course(most.devices);
    for (std::size_t i = 0; i < course.groups.size(); ++i)
        parts.push_back({course.groups[i].sum,
                         {fleet_column(at_least.groups[i].sum, accounting, least.network),
                          fleet_column(at_most.groups[i].sum, accounting, most.network),
                          {}}});
    return parts;
}

void add_fleet(Building& building, const run::RunRecord& run, std::size_t index)
{
    const auto& record = run.trainings[index];
    const auto& accounting = building.table.accounting;
    const auto& fleet = *building.table.trainings[index].fleet;
    const auto training = std::make_shared<const energy::FleetTraining>(record.work, fleet.devices, record.times);
    const auto& devices = fleet.devices.devices();
    const auto course = training->course(devices);
    const auto count = [&](const energy::TrainingEnergy& energy) {
        return fleet_column(energy, accounting, accounting.network);
    };
    const auto drawn = count(course.sum);
    const carbon::Price price = [training, &accounting](Devices moved, const carbon::NetworkModel& network) {
        return fleet_column(training->sum(moved), accounting, network);
    };
    Column column{record.outcome.label + ", " + fleet.name(),
                  index,
                  fleet.name(),
                  std::nullopt,
                  course.sum,
                  drawn,
                  energy_band(devices, accounting.network, drawn, price),
                  carbon::federated_places(course.groups, count)};
    column.parts = fleet_parts(*training, course, devices, accounting);
    building.add(std::move(column), price);
}

// Of the columns that have a result.
std::vector<ColumnPair> pairs_of(const Building& building)
{
    const auto& table = building.table;
    const auto compared = [&](std::size_t index) {
        const auto& column = table.columns[index];
        const auto devices = column.measured ? std::span<const energy::DeviceProfile>{} : table.devices(column);
        return carbon::ComparedEnergy{devices, column.energy.operational(), &column.band, &building.prices[index]};
    };
    const auto has_result = [&](const Column& column) { return !table.outcome(column).missed_target(); };
    std::vector<ColumnPair> pairs;
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        for (std::size_t j = i + 1; j < table.columns.size(); ++j) {
            if (!has_result(table.columns[i]) || !has_result(table.columns[j])) continue;
            const auto ratio = energy_ratio(compared(i), compared(j), table.accounting.network);
            if (ratio) pairs.push_back({i, j, *ratio});
        }
    return pairs;
}

// With the column's heading put in front of the error.
GramsPerKilowattHour intensity_in(const Column& column, const carbon::GridIntensity& grid,
                                  std::span<const carbon::LoadInterval> load)
{
    return with_context(column.heading, [&] { return carbon::effective_intensity(grid, load); });
}

Cell cell_of(const Table& table, std::size_t country, std::size_t index)
{
    const auto& column = table.columns[index];
    Cell cell{country, index, {}, {}, {}, {}};
    for (std::size_t i = 0; i < column.places.size(); ++i) {
        const auto& place = column.places[i];
        const auto intensity = intensity_in(column, table.place(cell, i), place.load);
        const auto drawn = column.measured ? carbon::emissions(place.energy, intensity)
                                           : carbon::emissions(place.energy, intensity, table.device(column, i));
        cell.intensities.push_back(intensity);
        if (i == 0)
            cell.emissions = drawn;
        else
            cell.emissions += drawn;
    }
    cell.intensity = cell.intensities.front();
    const auto energy = column.energy.operational();
    if (cell.intensities.size() > 1 && energy > Joules{}) cell.intensity = cell.emissions.operational() / energy;
    if (table.published && !column.site)
        cell.published =
            table.published->find(table.accounting.countries[country].iso3, table.outcome(column).label, column.device,
                                  column.pue ? std::optional{column.pue->ratio()} : std::nullopt);
    return cell;
}

std::vector<std::optional<double>> mean_by_group(const run::NodeTest& test, const energy::NodeDevices& devices)
{
    std::vector<double> sums(devices.groups().size());
    std::vector<std::uint32_t> counts(sums.size());
    for (std::uint32_t node = 0; node < test.samples.size(); ++node) {
        if (test.samples[node] == 0) continue;
        const auto group = devices.group_of(node);
        sums[group] += static_cast<double>(test.correct[node]) / test.samples[node];
        ++counts[group];
    }
    std::vector<std::optional<double>> means(sums.size());
    for (std::size_t group = 0; group < means.size(); ++group)
        if (counts[group] > 0) means[group] = sums[group] / counts[group];
    return means;
}

}  // namespace

const fleet::Fleet* Table::fleet(const Column& column) const
{
    const auto& fleet = trainings[column.training].fleet;
    return fleet ? &*fleet : nullptr;
}

const energy::DeviceProfile& Table::device(const Column& column) const
{
    if (!column.pue) return accounting.edge_device;
    return *std::find_if(accounting.datacenter_devices.begin(), accounting.datacenter_devices.end(),
                         [&](const auto& device) { return device.id == column.device; });
}

std::span<const energy::DeviceProfile> Table::devices(const Column& column) const
{
    if (const auto* own = fleet(column)) return own->devices.devices();
    return {&device(column), 1};
}

const energy::DeviceProfile& Table::device(const Column& column, std::size_t place) const
{
    const auto* own = fleet(column);
    return own != nullptr ? own->devices.groups()[place].device : device(column);
}

std::string Table::device_name(const Column& column) const
{
    if (column.measured) return column.device;
    std::vector<std::string> names;
    for (const auto& device : devices(column)) names.push_back(device.name);
    return (fleet(column) != nullptr ? "a fleet of " : "") + text::joined(names, " and ");
}

std::string Table::boundary(const Column& column) const
{
    if (column.measured) return column.measured->reading.boundary;
    std::vector<std::string> boundaries;
    for (const auto& device : devices(column)) boundaries.push_back(device.boundary);
    return text::joined_once(boundaries, " or ");
}

carbon::GridIntensity Table::place(const Cell& cell, std::size_t place) const
{
    const auto& column = columns[cell.column];
    if (column.site) return grid_of(accounting.datacenter_sites[*column.site]);
    const auto& country = accounting.countries[cell.country];
    if (const auto* own = fleet(column)) return own->places[place].value_or(country);
    const bool on_edge_devices = !column.pue;
    if (!on_edge_devices || accounting.node_places.empty()) return country;
    return accounting.node_places[place].value_or(country);
}

GramsCO2e Table::at_end(const Cell& cell, Joules (carbon::EnergyBand::*end)() const) const
{
    const auto& column = columns[cell.column];
    if (column.parts.empty()) return (column.band.*end)() * grid(cell);
    GramsCO2e sum;
    for (std::size_t i = 0; i < column.parts.size(); ++i) sum += (column.parts[i].band.*end)() * cell.intensities[i];
    return sum;
}

std::optional<GramsCO2e> Table::result(const Cell& cell) const
{
    if (outcome(columns[cell.column]).missed_target()) return std::nullopt;
    return cell.emissions.operational();
}

std::string Table::goal() const
{
    return target ? text::percent(*target) + " " + std::string{run::name(evaluated_on)} + " accuracy" : std::string{};
}

std::string Table::title() const
{
    return "gCO2e to train " + name + (target ? " to " + goal() : "") +
           (title_note.empty() ? "" : " (" + title_note + ")");
}

Table build_table(const run::RunRecord& run, const carbon::Accounting& accounting,
                  std::optional<PublishedTable> published, MeasuredColumns measured)
{
    Building building;
    auto& table = building.table;
    table.name = run.name;
    table.title_note = run.title_note;
    table.target = run.target;
    table.evaluated_on = run.evaluated_on;
    table.stop_rule = run.stop_rule();
    table.accounting = accounting;
    table.published = std::move(published);
    for (std::size_t i = 0; i < run.trainings.size(); ++i) {
        const auto& record = run.trainings[i];
        table.trainings.push_back(
            {record.outcome,
             energy::coordinator_energy(record.work, accounting.datacenter_devices.front()) * accounting.pue.front()});
        const auto first_column = table.columns.size();
        if (record.fleet) {
            auto& training = table.trainings.back();
            training.fleet = record.fleet;
            training.fleet->devices.set_execution(accounting.execution);
            training.nodes = record.nodes;
            training.never_took_part = record.nodes_never_asked();
            if (record.outcome.node_test)
                training.group_accuracies = mean_by_group(*record.outcome.node_test, training.fleet->devices);
            const auto rounds = std::min(record.work.numbers().size(), record.lost_updates.size());
            for (std::size_t round = 0; round < rounds; ++round) training.lost_updates += record.lost_updates[round];
        }
        if (record.outcome.kind == run::TrainingKind::centralized)
            add_centralized(building, run, i);
        else if (record.fleet)
            add_fleet(building, run, i);
        else
            add_federated(building, run, i);
        const bool is_centralized = record.outcome.kind == run::TrainingKind::centralized;
        if (measured == MeasuredColumns::shown && is_centralized) add_measured(building, run, i);
        const auto& column = table.columns[first_column];
        const auto load = whole_load(column.places);
        auto& training = table.trainings.back();
        for (const auto& country : accounting.countries)
            training.coordinator_emissions.push_back(training.coordinator * intensity_in(column, country, load));
    }
    if (measured == MeasuredColumns::shown) table.measured = measured_beside(run, accounting);
    for (std::size_t i = 0; i < accounting.countries.size(); ++i)
        for (std::size_t j = 0; j < table.columns.size(); ++j) table.cells.push_back(cell_of(table, i, j));
    table.pairs = pairs_of(building);
    table.methods = methods_of(table, run);
    table.reductions = reductions_of(table, run);
    return std::move(building.table);
}

}  // namespace fedgram::report
