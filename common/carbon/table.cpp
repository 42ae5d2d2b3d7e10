#include "common/carbon/table.hpp"

#include <algorithm>
#include <utility>

#include "common/carbon/number_text.hpp"

namespace fedgram::carbon {

namespace {

// A label is in the heading only where it tells columns apart.
std::string centralized_heading(const RunRecord& run, const std::string& label, const std::string& device, Pue pue)
{
    const auto is_centralized = [](const auto& record) { return record.outcome.kind == TrainingKind::centralized; };
    const bool several = std::count_if(run.trainings.begin(), run.trainings.end(), is_centralized) > 1;
    return (several ? label + ", " : "") + device + ", PUE " + shortest(pue.ratio());
}

Accounting with_network(Accounting accounting, const NetworkModel& network)
{
    accounting.network = network;
    return accounting;
}

void add_centralized(Table& table, const RunRecord& run, std::size_t index)
{
    const auto& record = run.trainings[index];
    for (const auto pue : table.accounting.pue)
        for (const auto& device : table.accounting.datacenter_devices) {
            const auto price = [&](const energy::DeviceProfile& profile, const NetworkModel& network) {
                return centralized_column(centralized_energy(record.lines, profile), pue,
                                          with_network(table.accounting, network), run.raw_data_bytes);
            };
            table.columns.push_back({centralized_heading(run, record.outcome.label, device.id, pue), index, device.id,
                                     pue, centralized_energy(record.lines, device),
                                     price(device, table.accounting.network),
                                     energy_band(device, table.accounting.network, price)});
        }
}

void add_federated(Table& table, const RunRecord& run, std::size_t index)
{
    const auto& record = run.trainings[index];
    const auto& device = table.accounting.edge_device;
    const auto& link = table.accounting.link;
    const auto rounds = energy::node_rounds(record.lines);
    const auto price = [&](const energy::DeviceProfile& profile, const NetworkModel& network) {
        return federated_column(federated_energy(rounds, profile, link), with_network(table.accounting, network));
    };
    table.columns.push_back({record.outcome.label + ", " + device.id, index, device.id, std::nullopt,
                             federated_energy(rounds, device, link), price(device, table.accounting.network),
                             energy_band(device, table.accounting.network, price)});
}

}  // namespace

const energy::DeviceProfile& Table::device(const Column& column) const
{
    if (!column.pue) return accounting.edge_device;
    return *std::find_if(accounting.datacenter_devices.begin(), accounting.datacenter_devices.end(),
                         [&](const auto& device) { return device.id == column.device; });
}

std::optional<GramsCO2e> Table::result(const Cell& cell) const
{
    if (outcome(columns[cell.column]).missed_target()) return std::nullopt;
    return cell.emissions.operational();
}

std::string Table::title() const
{
    return "gCO2e to train " + name + (target ? " to " + percent(*target) + " test accuracy" : "") +
           (title_note.empty() ? "" : " (" + title_note + ")");
}

Table build_table(const RunRecord& run, const Accounting& accounting, std::optional<PublishedTable> published)
{
    Table table;
    table.name = run.name;
    table.title_note = run.title_note;
    table.target = run.target;
    table.stop_rule = run.stop_rule();
    table.accounting = accounting;
    table.published = std::move(published);
    for (std::size_t i = 0; i < run.trainings.size(); ++i) {
        const auto& record = run.trainings[i];
        table.trainings.push_back(
            {record.outcome,
             coordinator_energy(record.lines, accounting.datacenter_devices.front()) * accounting.pue.front()});
        if (record.outcome.kind == TrainingKind::centralized)
            add_centralized(table, run, i);
        else
            add_federated(table, run, i);
    }
    for (std::size_t i = 0; i < accounting.countries.size(); ++i)
        for (std::size_t j = 0; j < table.columns.size(); ++j) {
            const auto& country = accounting.countries[i];
            const auto& column = table.columns[j];
            Cell cell{i, j, emissions(column.energy, country.intensity, table.device(column)), {}};
            if (table.published)
                cell.published = table.published->find(country.iso3, table.outcome(column).label, column.device,
                                                       column.pue ? std::optional{column.pue->ratio()} : std::nullopt);
            table.cells.push_back(cell);
        }
    return table;
}

}  // namespace fedgram::carbon
