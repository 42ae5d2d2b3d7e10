#include "common/report/explain/explain.hpp"
#include "common/report/render/fleet_text.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "common/carbon/emissions/embodied.hpp"
#include "common/error/error.hpp"
#include "common/report/explain/device_chain.hpp"
#include "common/report/explain/device_figures.hpp"
#include "common/report/explain/find_cell.hpp"
#include "common/report/explain/methods_chain.hpp"
#include "common/report/explain/reductions_chain.hpp"
#include "common/report/explain/section.hpp"
#include "common/report/render/render.hpp"
#include "common/report/table/not_told_apart.hpp"
#include "common/report/table/work_chain.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::report {

namespace {

std::string work_section(const WorkChain& chain, bool federated)
{
    Section section{"Work, from ledger.jsonl without wasted lines"};
    section.line("train", std::to_string(chain.pieces) + (federated ? " node rounds: " : " intervals: ") +
                              std::to_string(chain.work.samples) + " samples, " + std::to_string(chain.work.steps) +
                              " steps, " + std::to_string(chain.work.kernels) + " kernels, " +
                              std::to_string(chain.work.flops) + " FLOPs, " + std::to_string(chain.work.memory_bytes) +
                              " bytes of memory traffic");
    return section.text();
}

std::string time_section(const Table& table, const Column& column, const WorkChain& chain,
                         const energy::DeviceProfile& device, bool federated)
{
    const auto& link = table.accounting.link;
    Section section{"Time on " + device.id + ", summed over " + (federated ? "node rounds" : "intervals")};
    section.line("host", host_line(chain, device));
    section.line("device", device_line(chain, device));
    section.line("train", train_time_line(chain));
    if (!federated) return section.text();
    const auto transfer = [](const char* name, std::uint64_t bytes, double mbit_s, Seconds time) {
        return name + std::to_string(bytes) + " bytes x 8 / (" + digits(mbit_s) +
               " x 1e6 bit/s) = " + digits(time.count()) + " s";
    };
    const auto down = column.phases.bytes_down;
    const auto up = column.phases.bytes_up;
    section.line("transfer", transfer("down ", down, link.download_mbit_s, link.download_time(down)) +
                                 transfer(", up ", up, link.upload_mbit_s, link.upload_time(up)));
    section.line("idle",
                 "until the slowest node of each round is done: " + digits(column.phases.waiting.count()) + " s");
    return section.text();
}

std::string network_line(const Table& table, const Column& column, const run::RunRecord& run)
{
    const auto& network = table.accounting.network;
    const auto& link = table.accounting.link;
    const auto up = column.pue ? table.accounting.raw_data_upload ? run.raw_data_bytes : 0 : column.phases.bytes_up;
    const auto down = column.pue ? 0 : column.phases.bytes_down;
    const auto result = " = " + digits(column.energy.network.count()) + " J; no PUE";
    if (network.method == carbon::NetworkMethod::kwh_per_gb)
        return std::to_string(down + up) + " bytes / 1e9 x " + digits(network.kwh_per_gb.value) + " kWh/GB x 3.6e6" +
               result;
    return digits(network.router_w.value) + " W x 8 x (" + std::to_string(down) + " / " + digits(link.download_mbit_s) +
           " + " + std::to_string(up) + " / " + digits(link.upload_mbit_s) + ") / 1e6 s" + result;
}

std::string energy_section(const Table& table, const Column& column, const run::RunRecord& run, const WorkChain& chain,
                           const energy::DeviceProfile& device, bool federated)
{
    const auto& phases = column.phases;
    Section section{"Energy: power x time"};
    section.line("train", compute_energy_line(chain, device, phases.train));
    if (federated) {
        section.line("transfer", "network_w " + digits(device.network_w.value) + " W: down " +
                                     digits(phases.download.count()) + " J, up " + digits(phases.upload.count()) +
                                     " J");
        section.line("idle", "idle_w " + digits(device.idle_w.value) + " W: " + digits(phases.idle.count()) + " J" +
                                 (table.accounting.idle ? "" : ", not counted"));
    }
    section.line("devices", (column.pue ? "train x PUE " + digits(column.pue->ratio()) : std::string{"the sum"}) +
                                " = " + digits(column.energy.devices.count()) + " J");
    section.line("network", network_line(table, column, run));
    return section.text();
}

std::string measured_section(const Table& table, const Column& column, const run::RunRecord& run)
{
    const auto& measured = *column.measured;
    const auto& reading = measured.reading;
    const auto joules = digits(reading.joules->count());
    Section section{"Measured while it trained, from summary.json"};
    section.line("train", std::to_string(measured.phases) + " phases, evaluations left out: " + joules + " J in " +
                              digits(measured.seconds.count()) + " s, " + digits(measured.watts().count()) + " W" +
                              (reading.busy ? ", a kernel in " + digits(reading.busy->count()) + " s of it" : ""));
    section.line("lag", std::to_string(measured.phases) + " phases x " + digits(measured.resolution.count()) +
                            " s, in which the meter shows nothing new / " + digits(measured.seconds.count()) +
                            " s = " + digits(measured.lag()) + " of the joules at most");
    section.line("devices", joules + " J x PUE " + digits(column.pue->ratio()) + " = " +
                                digits(column.energy.devices.count()) + " J");
    section.line("network", network_line(table, column, run));
    return section.text();
}

std::string without_making(const Table& table, const Column& column)
{
    if (column.measured) return column.device;
    std::vector<std::string> lacking;
    for (const auto& device : table.devices(column))
        if (!device.embodied_kgco2e || !device.lifetime_years) lacking.push_back(device.id);
    return text::joined(lacking, " and ");
}

std::string embodied_text(const Table& table, const Cell& cell, const Column& column)
{
    if (!cell.emissions.embodied)
        return "unknown: " + without_making(table, column) +
               " has no figure for its making or its lifetime; not in the cell";
    if (table.fleet(column) != nullptr)
        return "device hours of each group over its device's lifetime, times its making: " +
               digits(cell.emissions.embodied->count()) + " g; not in the cell";
    const auto& device = table.device(column);
    return digits(device.embodied_kgco2e->value) + " kg x 1000 x " + digits(column.energy.device_time.count() / 3600) +
           " device hours / (" + digits(device.lifetime_years->value) +
           " x 8766) = " + digits(cell.emissions.embodied->count()) + " g; not in the cell";
}

// Where one of the column's places draws from; of a grid by the hour, the hours that its intensity is the mean of.
void add_grid(Section& section, const Table& table, const Cell& cell, std::size_t place)
{
    const auto& column = table.columns[cell.column];
    const auto grid = table.place(cell, place);
    const auto count = column.places.size();
    const auto* const fleet = table.fleet(column);
    const auto nodes = fleet != nullptr ? ", group " + fleet->devices.groups()[place].name
                       : count == 1     ? std::string{}
                                    : ", nodes k with k mod " + std::to_string(count) + " = " + std::to_string(place);
    section.line("grid", digits(cell.intensities[place].count()) + " gCO2e/kWh: " + grid.name + ", " +
                             std::to_string(grid.year) + ", " + grid.basis + ", " + source_text(grid) + nodes);
    if (!grid.hourly) return;
    const auto values = grid.hourly->hours.values();
    const auto drawn = energy_by_hour(column.places[place].load);
    for (std::size_t hour = 0; hour < drawn.size(); ++hour)
        section.line("hour " + std::to_string(hour + 1),
                     digits(values[hour].count()) + " gCO2e/kWh, weighted by " + digits(drawn[hour].count()) + " J");
}

std::string emission_section(const Table& table, const Cell& cell)
{
    const auto& column = table.columns[cell.column];
    const auto grams = [&](Joules carbon::ColumnEnergy::*energy, GramsCO2e result) {
        std::string sum;
        for (std::size_t i = 0; i < column.places.size(); ++i)
            sum += (i == 0 ? "" : " + ") + digits((column.places[i].energy.*energy).count()) + " J / 3.6e6 x " +
                   digits(cell.intensities[i].count());
        return sum + " = " + digits(result.count()) + " g";
    };
    Section section{"Emissions: energy / 3.6e6 J x grid"};
    for (std::size_t i = 0; i < column.places.size(); ++i) add_grid(section, table, cell, i);
    if (column.places.size() > 1)
        section.line("effective", digits(cell.intensity.count()) + " gCO2e/kWh: the cell's grams over its energy");
    section.line("scope 2", grams(&carbon::ColumnEnergy::devices, cell.emissions.scope2));
    section.line("network", grams(&carbon::ColumnEnergy::network, cell.emissions.network) + " (scope 3)");
    section.line("cell", "scope 1 (0: nothing is burnt on the spot) + scope 2 + network = " +
                             digits(cell.emissions.operational().count()) + " g; all figures low " +
                             digits(table.low(cell).count()) + ", high " + digits(table.high(cell).count()));
    section.line("embodied", embodied_text(table, cell, column) + " (scope 3)");
    return section.text();
}

std::string fleet_network_line(const Table& table, const energy::TrainingEnergy& phases)
{
    const auto& network = table.accounting.network;
    if (network.method == carbon::NetworkMethod::kwh_per_gb)
        return std::to_string(phases.bytes_down + phases.bytes_up) + " bytes / 1e9 x " +
               digits(network.kwh_per_gb.value) + " kWh/GB x 3.6e6 = ";
    return digits(network.router_w.value) + " W x (" + digits(phases.downloading.count()) + " + " +
           digits(phases.uploading.count()) + ") s = ";
}

// A group's nodes, each at its own speed and link: seconds and joules by phase.
std::string fleet_section(const Table& table, const Cell& cell, const fleet::Fleet& fleet)
{
    const auto& column = table.columns[cell.column];
    std::string out;
    for (std::size_t i = 0; i < column.parts.size(); ++i) {
        const auto& group = fleet.devices.groups()[i];
        const auto& phases = column.parts[i].phases;
        Section section{"Group " + group.name + ": " + group.device.id + ", " + amount_text(group)};
        section.line("time", "busy " + digits(phases.busy.count()) + " s, of it receiving " +
                                 digits(phases.downloading.count()) + " s and sending " +
                                 digits(phases.uploading.count()) + " s; waiting " + digits(phases.waiting.count()) +
                                 " s; lost " + digits(phases.lost_time.count()) + " s");
        section.line("energy", "train " + digits(phases.train.count()) + " J, download " +
                                   digits(phases.download.count()) + " J, upload " + digits(phases.upload.count()) +
                                   " J, idle " + digits(phases.idle.count()) + " J" +
                                   (table.accounting.idle ? "" : ", not counted") + "; of these lost " +
                                   digits(phases.lost.count()) + " J");
        section.line("devices", digits(column.places[i].energy.devices.count()) + " J");
        section.line("network", fleet_network_line(table, phases) + digits(column.places[i].energy.network.count()) +
                                    " J; no PUE");
        out += section.text();
    }
    return out;
}

std::string figure_section(const Table& table, const energy::DeviceProfile& device)
{
    Section section{"Figures of " + device.id + ": likely (low to high), standing, source"};
    for (const auto& [key, member, range, is_rate] : energy::pricing_figures())
        section.line(std::string{key}, figure_text(device.*member));
    if (device.power_limit_w) section.line("power_limit_w", figure_text(*device.power_limit_w));
    section.line("model_error", figure_text(device.model_error));
    if (device.embodied_kgco2e) section.line("embodied_kgco2e", figure_text(*device.embodied_kgco2e));
    if (device.lifetime_years) section.line("lifetime_years", figure_text(*device.lifetime_years));
    const auto& network = table.accounting.network;
    section.line(std::string{network.figure_key()}, figure_text(network.figure()));
    return section.text();
}

// Of the devices that answer requests to smaller models of the column's training.
std::string request_figures(const Table& table, const Column& column)
{
    std::string out;
    for (const auto& device : request_devices(table, column)) {
        out += figures_section(device.device);
        if (device.serving) out += figures_section(*device.serving);
    }
    return out;
}

}  // namespace

std::string explain(const Table& table, const run::RunRecord& run, const Cell& cell, Figures figures)
{
    const auto& column = table.columns[cell.column];
    const auto& outcome = table.outcome(column);
    const auto& record = run.trainings[column.training];
    const auto band = cell_band_text(table, cell);
    auto out = cell_name(table, cell) + ": " + cell_text(table, cell) + (outcome.missed_target() ? "" : " gCO2e") +
               (band.empty() ? "" : ", by the bands of its figures " + band) + "\n" + table.title() + ", " +
               outcome.label + " on " + column.device + " (" +
               (column.measured ? "" : table.device_name(column) + ", ") + table.boundary(column) + "); " +
               (column.measured ? "measured, " + column.measured->reading.method
                                : "modelled by its profile, " + execution_text(table)) +
               "\n";
    for (const auto& note : not_reached_notes(table))
        if (note.starts_with(column.heading + ":")) out += note + "\n";
    for (const auto& note : run.notes) out += note + "\n";
    if (const auto alike = alike_columns(table, cell); !alike.empty())
        out += "Not told apart, by the band of the ratio, from: " + text::joined_once(alike, "; ") + "\n";
    if (column.measured) return out + measured_section(table, column, run) + emission_section(table, cell);
    if (const auto* const fleet = table.fleet(column)) {
        out += fleet_section(table, cell, *fleet) + emission_section(table, cell) + methods_chain(table, cell) +
               reductions_list(table, cell);
        for (const auto& device : table.devices(column))
            out += "Model of " + device.id + ": " + validation_text(device) + ".\n";
        if (figures == Figures::left_out) return out + "--figures shows each figure with its band and source.\n";
        for (const auto& device : table.devices(column)) out += figure_section(table, device);
        return out + request_figures(table, column);
    }
    const auto& device = table.device(column);
    const bool federated = outcome.kind == run::TrainingKind::federated;
    const auto chain = work_chain(record, device);
    out += work_section(chain, federated) + time_section(table, column, chain, device, federated) +
           energy_section(table, column, run, chain, device, federated) + emission_section(table, cell) +
           methods_chain(table, cell) + reductions_list(table, cell) + "Model of " + device.id + ": " +
           validation_text(device) + ".";
    return figures == Figures::left_out ? out + " --figures shows each figure with its band and source.\n"
                                        : out + "\n" + figure_section(table, device) + request_figures(table, column);
}

}  // namespace fedgram::report
