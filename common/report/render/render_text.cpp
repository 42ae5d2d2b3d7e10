#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "common/report/render/render.hpp"
#include "common/report/table/published_ratio.hpp"
#include "common/report/table/ratio.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_grid.hpp"

namespace fedgram::carbon {

namespace {

std::string kilojoules(Joules energy) { return significant(energy.count() / 1000); }

// The headings of all columns, with `corner` in front.
std::vector<std::string> headings(const Table& table, const std::string& corner)
{
    std::vector<std::string> row{corner};
    for (const auto& column : table.columns) row.push_back(column.heading);
    return row;
}

// `name`, and in each column what `value` makes of it.
template <class Value>
std::vector<std::string> row_of(const Table& table, const std::string& name, Value value)
{
    std::vector<std::string> row{name};
    for (const auto& column : table.columns) row.push_back(value(column));
    return row;
}

std::string main_table(const Table& table)
{
    TextGrid grid;
    grid.add_headings(headings(table, "gCO2e"));
    for (std::size_t i = 0; i < table.accounting.countries.size(); ++i) {
        std::vector<std::string> row{table.accounting.countries[i].name};
        for (std::size_t j = 0; j < table.columns.size(); ++j) row.push_back(cell_text(table, table.cell(i, j)));
        grid.add(row);
    }
    std::string out = grid.text();
    for (const auto& note : not_reached_notes(table)) out += note + "\n";
    return out;
}

std::string drivers(const Table& table)
{
    std::size_t compared = 0;
    std::size_t by_energy = 0;
    for (const auto& cell : table.cells)
        if (const auto ratio = published_ratio(table, cell);
            ratio && ratio->energy.value_or(0) > 0 &&
            ratio->grid.value_or(0) > 0) {  // a zero has no share in a product
            ++compared;
            if (std::abs(std::log(*ratio->energy)) > std::abs(std::log(*ratio->grid))) ++by_energy;
        }
    if (compared == 0) return {};
    return "Ratio = grid part x energy part. The grid part is our intensity over the one that the published cells "
           "imply,\n" +
           std::string{table.accounting.node_places.empty() ? "the same in every column"
                                                            : "a federated cell's by its nodes' places"} +
           ". The energy part is our energy (with PUE and network) over the implied one: the\n"
           "device profiles' watts, rates and step overhead, and the samples that the trainings needed, drive it. It "
           "is\n"
           "the larger part in " +
           std::to_string(by_energy) + " of " + std::to_string(compared) + " cells.\n";
}

std::string against_published(const Table& table)
{
    TextGrid grid;
    grid.add_headings(headings(table, ""));
    bool any = false;
    for (std::size_t i = 0; i < table.accounting.countries.size(); ++i) {
        std::vector<std::string> published{table.accounting.countries[i].iso3 + " published"};
        std::vector<std::string> whole{"    ours / published"};
        std::vector<std::string> grid_part{"      grid part"};
        std::vector<std::string> energy_part{"      energy part"};
        bool any_here = false;
        for (std::size_t j = 0; j < table.columns.size(); ++j) {
            const auto& cell = table.cell(i, j);
            const auto ratio = published_ratio(table, cell).value_or(PublishedRatio{});
            any_here = any_here || cell.published.has_value();
            published.push_back(cell.published ? fixed(*cell.published, 1) : "-");
            whole.push_back(ratio_text(ratio.whole));
            grid_part.push_back(ratio_text(ratio.grid));
            energy_part.push_back(ratio_text(ratio.energy));
        }
        if (!any_here) continue;
        any = true;
        for (auto* const row : {&published, &whole, &grid_part, &energy_part}) grid.add(*row);
    }
    if (!any) return {};
    return "\nBeside the published table: " + table.published->source + "\n" + grid.text() + drivers(table);
}

std::string recomputed_table(const PublishedTable& published)
{
    const auto recomputed = recompute(published);
    TextGrid grid;
    std::vector<std::string> heads{"gCO2e recomputed"};
    std::vector<std::string> energy{"implied energy in kJ"};
    for (std::size_t j = 0; j < published.columns.size(); ++j) {
        const auto& column = published.columns[j];
        heads.push_back(column.device && column.pue ? *column.device + ", PUE " + shortest(*column.pue)
                                                    : column.training);
        energy.push_back(kilojoules(recomputed.energy[j]));
    }
    grid.add_headings(heads);
    std::size_t off = 0;
    for (std::size_t i = 0; i < published.rows.size(); ++i) {
        std::vector<std::string> row{published.rows[i].country};
        for (const auto& cell : recomputed.rows[i]) {
            row.push_back(cell.grams ? fixed(*cell.grams, 1) + (cell.off ? " (!)" : "") : "-");
            off += cell.off ? 1 : 0;
        }
        grid.add(row);
    }
    grid.add(energy);
    return "\nThe published table recomputed from the energies and intensities that its own cells imply\n" +
           grid.text() +
           (off == 0 ? "Each legible cell agrees within 0.1 g.\n"
                     : "(!) more than 0.1 g from the published cell: " + std::to_string(off) + "\n");
}

// A cell's own intensity, where the row's doesn't tell it.
std::string effective_intensities(const Table& table)
{
    if (!has_effective_intensities(table)) return {};
    TextGrid grid;
    grid.add_headings(headings(table, "effective gCO2e/kWh"));
    for (std::size_t i = 0; i < table.accounting.countries.size(); ++i) {
        std::vector<std::string> row{table.accounting.countries[i].name};
        for (std::size_t j = 0; j < table.columns.size(); ++j)
            row.push_back(significant(table.grid(table.cell(i, j)).count()));
        grid.add(row);
    }
    return "\n" + grid.text() + "Effective: a cell's grams over its energy, devices and network.\n";
}

std::string grid_section(const Table& table)
{
    TextGrid grid;
    const bool compared = table.published.has_value();
    std::vector<std::string> head{"Grid, gCO2e/kWh", "ours", "year", "basis", "source"};
    if (compared) head.emplace_back("implied by the published cells");
    grid.add(head);
    for (const auto& country : table.accounting.countries) {
        std::vector<std::string> row{country.name, country.hourly ? "hourly" : significant(country.intensity.count()),
                                     std::to_string(country.year), country.basis, country.source};
        if (compared) {
            const auto* const published = table.published->row(country.iso3);
            row.push_back(published != nullptr ? significant(published->implied_grid.count()) : "-");
        }
        grid.add(row);
    }
    std::string out = "\n" + grid.text() + (compared ? "Implied: " + table.published->grid_source + "\n" : "");
    for (const auto& country : table.accounting.countries)
        if (country.hourly)
            out += country.hourly->name + " " + grid_text(country) +
                   ": each round's energy is drawn evenly over its virtual seconds.\n";
    for (const auto& note : place_notes(table)) out += note + ".\n";
    return out + effective_intensities(table);
}

std::string energy_section(const Table& table)
{
    TextGrid grid;
    grid.add_headings(headings(table, "energy in kJ"));
    grid.add(row_of(table, "train", [](const auto& column) { return kilojoules(column.phases.train); }));
    grid.add(row_of(table, "download", [](const auto& column) { return kilojoules(column.phases.download); }));
    grid.add(row_of(table, "upload", [](const auto& column) { return kilojoules(column.phases.upload); }));
    grid.add(row_of(table, table.accounting.idle ? "idle" : "idle (not counted)",
                    [](const auto& column) { return kilojoules(column.phases.idle); }));
    grid.add(row_of(table, "devices with PUE", [](const auto& column) { return kilojoules(column.energy.devices); }));
    grid.add(row_of(table, "network", [](const auto& column) { return kilojoules(column.energy.network); }));
    grid.add(row_of(table, "sum", [](const auto& column) { return kilojoules(column.energy.operational()); }));
    grid.add(row_of(table, "virtual time in s",
                    [](const auto& column) { return significant(column.phases.virtual_time.count()); }));
    return "\n" + grid.text();
}

std::string sensitivity_text(const Sensitivity& sensitivity, GramsPerKilowattHour grid)
{
    return sensitivity.figure.substr(0, sensitivity.figure.find(' ')) + " " + significant(sensitivity.from) + " to " +
           significant(sensitivity.to) + " (" + significant((sensitivity.at_from * grid).count()) + " to " +
           significant((sensitivity.at_to * grid).count()) + " g)";
}

// How far the bands of profiles and network figures reach, in the first country: in the others in proportion.
std::string band_section(const Table& table)
{
    const auto has_band = [](const auto& column) { return !column.band.sensitivities.empty(); };
    if (std::none_of(table.columns.begin(), table.columns.end(), has_band)) return {};
    const auto& country = table.accounting.countries.front();
    TextGrid grid;
    grid.add_headings(headings(table, "band, " + country.iso3));
    const auto row = [&](const char* name, auto grams) {
        std::vector<std::string> texts{name};
        for (std::size_t j = 0; j < table.columns.size(); ++j)
            texts.push_back(significant(grams(table.cell(0, j)).count()));
        grid.add(texts);
    };
    row("all figures low", [&](const Cell& cell) { return table.low(cell); });
    row("as above", [](const Cell& cell) { return cell.emissions.operational(); });
    row("all figures high", [&](const Cell& cell) { return table.high(cell); });
    std::string out = "\n" + grid.text() + "Bounds, all figures at once at the ends of their bands" +
                      (has_effective_intensities(table) ? ", at the effective intensity of the likely values" : "") +
                      ". What moves a cell most:\n";
    constexpr std::size_t shown = 3;
    for (std::size_t j = 0; j < table.columns.size(); ++j) {
        const auto& column = table.columns[j];
        // A device at another PUE has the same ranking.
        const bool told = std::any_of(
            table.columns.begin(), table.columns.begin() + static_cast<std::ptrdiff_t>(j),
            [&](const auto& other) { return other.training == column.training && other.device == column.device; });
        if (told || !has_band(column)) continue;
        out += column.heading + ":";
        for (std::size_t i = 0; i < std::min(shown, column.band.sensitivities.size()); ++i)
            out += (i == 0 ? " " : ", ") + sensitivity_text(column.band.sensitivities[i], table.grid(table.cell(0, j)));
        out += "\n";
    }
    return out;
}

// What the first country's cells would be by the other method.
std::string network_section(const Table& table)
{
    const auto& accounting = table.accounting;
    const auto used = accounting.network.method;
    const auto other = used == NetworkMethod::router ? NetworkMethod::kwh_per_gb : NetworkMethod::router;
    std::string out = "\nNetwork: " + network_text(accounting, used) + "; no PUE.";
    const auto& country = accounting.countries.front();
    std::string changes;
    for (std::size_t j = 0; j < table.columns.size(); ++j) {
        const auto& column = table.columns[j];
        if (column.energy.network == Joules{}) continue;
        const auto& cell = table.cell(0, j);
        GramsCO2e otherwise;
        for (std::size_t i = 0; i < column.places.size(); ++i)
            otherwise += column.places[i].energy.network_otherwise * cell.intensities[i];
        changes += (changes.empty() ? " " : ", ") + column.heading + " " + significant(cell.emissions.network.count()) +
                   " -> " + significant(otherwise.count());
    }
    if (!changes.empty())
        out += " By the other method (" + network_text(accounting, other) + ") the network's grams in " + country.iso3 +
               " would be:" + changes + ".";
    return out + "\n";
}

std::string embodied_section(const Table& table)
{
    std::string known;
    std::string unknown;
    for (std::size_t j = 0; j < table.columns.size(); ++j) {
        const auto& share = table.cell(0, j).emissions.embodied;
        auto& list = share ? known : unknown;
        list += (list.empty() ? " " : "; ") + table.columns[j].heading +
                (share ? " " + significant(share->count()) + " g" : "");
    }
    std::string out;
    if (!known.empty()) out += "Embodied share, in no cell above:" + known + ".\n";
    if (!unknown.empty()) out += "Embodied share unknown, since the profile has no figure for it:" + unknown + ".\n";
    return out;
}

std::string device_line(const energy::DeviceProfile& device)
{
    constexpr std::array evidence_levels{energy::EvidenceLevel::measured, energy::EvidenceLevel::published,
                                         energy::EvidenceLevel::derived, energy::EvidenceLevel::assumed,
                                         energy::EvidenceLevel::recalled};
    std::string out = device.id + " (" + device.name + ", " + device.boundary + "):";
    bool first = true;
    for (const auto evidence : evidence_levels) {
        int count = 0;
        for (const auto* const figure : device.figures()) count += figure->evidence == evidence ? 1 : 0;
        if (count == 0) continue;
        out += (first ? " " : ", ") + std::to_string(count) + " " + std::string{energy::name(evidence)};
        first = false;
    }
    return out + "\n";
}

std::string device_section(const Table& table)
{
    std::string out = "\nDevices; all joules are modelled by profiles, whose figures are:\n";
    for (const auto& device : table.accounting.datacenter_devices) out += device_line(device);
    return out + device_line(table.accounting.edge_device);
}

std::string outcome_text(const TrainingOutcome& outcome)
{
    if (!outcome.reached_target) return "no target";
    return *outcome.reached_target ? "reached" : "not reached";
}

std::string training_section(const Table& table)
{
    TextGrid grid;
    std::vector<std::string> head{"Training", "target", "accuracy", "best", "rounds", "evaluate+aggregate kJ"};
    for (const auto& country : table.accounting.countries) head.push_back("g " + country.iso3);
    grid.add(head);
    for (const auto& [outcome, coordinator, emissions] : table.trainings) {
        std::vector<std::string> row{outcome.label,
                                     outcome_text(outcome),
                                     percent(outcome.test_accuracy),
                                     percent(outcome.best_test_accuracy),
                                     std::to_string(outcome.rounds),
                                     kilojoules(coordinator)};
        for (const auto grams : emissions) row.push_back(significant(grams.count()));
        grid.add(row);
    }
    return "\n" + grid.text() + "Evaluation and aggregation are on " + table.accounting.datacenter_devices.front().id +
           " at PUE " + shortest(table.accounting.pue.front().ratio()) +
           ", in no column above. Rounds of a centralized training are its evaluations.\n";
}

std::string joules_text(const energy::MeterRecord& record)
{
    if (!record.joules) return "missing";
    auto text = (record.gaps.empty() ? "" : "at least ") + significant(record.joules->count());
    if (record.low && record.high)
        text += " (" + significant(record.low->count()) + " to " + significant(record.high->count()) + ")";
    return text;
}

// What meters read of this machine while it simulated. Joules of a device that was only modelled stand above.
std::string meter_section(const Footnotes& notes)
{
    TextGrid grid;
    grid.add({"Training", "read by", "meter", "boundary", "method", "J"});
    bool any = false;
    std::string gaps;
    for (const auto& host : notes.host)
        for (const auto& record : host.meters) {
            grid.add({host.label, record.process, record.meter, record.boundary, record.method, joules_text(record)});
            any = true;
            for (const auto& gap : record.gaps)
                gaps += host.label + ", " + record.meter + ": nothing for " + significant(gap.seconds.count()) +
                        " s: " + gap.reason + "\n";
        }
    if (!any)
        return "Its own energy was not metered; fedgram doctor shows which meters of a machine work, and run --core-w "
               "estimates the nodes' share without one.\n";
    return "\n" + grid.text() + gaps +
           "A machine's meters hold all that ran on it meanwhile, the nodes' estimate their own CPU time alone; none "
           "is "
           "added to another. summary.json has each process's, host.jsonl each node's and round's.\n";
}

// "Updates refused, in no model: fl 2 not_finite, 1 repeated; other 1 wrong_round."
std::string refused_section(const Footnotes& notes)
{
    std::string out;
    for (const auto& [label, updates] : notes.refused) {
        out += (out.empty() ? "\nUpdates refused, in no model: " : "; ") + label;
        bool first = true;
        for (const auto& [reason, count] : updates) {
            out += (first ? " " : ", ") + std::to_string(count) + " " + reason;
            first = false;
        }
    }
    return out.empty() ? out : out + ".\n";
}

std::string footnote_section(const Footnotes& notes)
{
    std::string out;
    for (const auto& label : notes.cut_off)
        out += "\nCut off before its end, in no column: " + label + " (fedgram run --resume goes on with it).\n";
    if (notes.wasted_lines > 0)
        out += "\nLost to faults, in no column: " + kilojoules(notes.wasted) + " kJ in " +
               std::to_string(notes.wasted_lines) + " ledger lines.\n";
    out += refused_section(notes);
    if (notes.host.empty()) return out;
    out += "\nThis machine, which simulated (in no column):";
    for (std::size_t i = 0; i < notes.host.size(); ++i)
        out += (i == 0 ? " " : "; ") + notes.host[i].label + " " + significant(notes.host[i].cpu_seconds) +
               " CPU s in " + significant(notes.host[i].wall_seconds) + " s";
    return out + ".\n" + meter_section(notes);
}

}  // namespace

std::string render_text(const Table& table, const Footnotes& notes)
{
    std::string out = table.title() + "\nStop rule: " + table.stop_rule + ".\n\n" + main_table(table);
    if (table.published) out += against_published(table) + recomputed_table(*table.published);
    return out + grid_section(table) + energy_section(table) + band_section(table) + network_section(table) +
           embodied_section(table) + device_section(table) + training_section(table) + footnote_section(notes);
}

}  // namespace fedgram::carbon
