#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "common/report/render/fleet_text.hpp"
#include "common/report/render/methods_text.hpp"
#include "common/report/render/reductions_text.hpp"
#include "common/report/render/render.hpp"
#include "common/report/render/text_sections.hpp"
#include "common/report/table/not_told_apart.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"

namespace fedgram::report {

namespace {

// `name`, and in each column what `value` makes of it.
template <class Value>
std::vector<std::string> row_of(const Table& table, const std::string& name, Value value)
{
    std::vector<std::string> row{name};
    for (const auto& column : table.columns) row.push_back(value(column));
    return row;
}

std::string head_text(const Table& table) { return table.title() + "\nStop rule: " + table.stop_rule + ".\n\n"; }

std::string cells_text(const Table& table)
{
    text::TextTable grid;
    grid.add_headings(headings(table, "gCO2e"));
    for (std::size_t i = 0; i < table.accounting.countries.size(); ++i) {
        std::vector<std::string> row{table.accounting.countries[i].name};
        std::vector<std::string> bands{"  low-high"};
        bool has_band = false;
        for (std::size_t j = 0; j < table.columns.size(); ++j) {
            row.push_back(cell_text(table, table.cell(i, j)));
            const auto& band = bands.emplace_back(cell_band_text(table, table.cell(i, j)));
            has_band = has_band || !band.empty();
        }
        grid.add(row);
        if (has_band) grid.add(bands);
    }
    std::string out = grid.text();
    for (const auto& note : not_reached_notes(table)) out += note + "\n";
    return out;
}

std::string main_table(const Table& table)
{
    auto out = cells_text(table);
    const auto alike = alike_notes(table);
    if (!alike.empty()) out += std::string{alike_heading} + ":\n";
    for (const auto& note : alike) out += "  " + note + "\n";
    return out;
}

// A cell's own intensity, where the row's doesn't tell it.
std::string effective_intensities(const Table& table)
{
    if (!has_effective_intensities(table)) return {};
    text::TextTable grid;
    grid.add_headings(headings(table, "effective gCO2e/kWh"));
    for (std::size_t i = 0; i < table.accounting.countries.size(); ++i) {
        std::vector<std::string> row{table.accounting.countries[i].name};
        for (std::size_t j = 0; j < table.columns.size(); ++j)
            row.push_back(text::significant(table.grid(table.cell(i, j)).count()));
        grid.add(row);
    }
    return "\n" + grid.text() + "Effective: a cell's grams over its energy, devices and network.\n";
}

std::string grid_section(const Table& table, const Footnotes& notes)
{
    text::TextTable grid;
    const bool compared = table.published.has_value();
    std::vector<std::string> head{"Grid, gCO2e/kWh", "ours", "year", "basis", "source"};
    if (compared) head.emplace_back("implied by the published cells");
    grid.add(head);
    for (const auto& country : table.accounting.countries) {
        std::vector<std::string> row{country.name,
                                     country.hourly ? "hourly" : text::significant(country.intensity.count()),
                                     std::to_string(country.year), country.basis, country.source};
        if (compared) {
            const auto* const published = table.published->row(country.iso3);
            row.push_back(published != nullptr ? text::significant(published->implied_grid.count()) : "-");
        }
        grid.add(row);
    }
    std::string out = "\n" + grid.text() + (compared ? "Implied: " + table.published->grid_source + "\n" : "");
    for (const auto& country : table.accounting.countries)
        if (country.hourly)
            out += country.hourly->name + " " + grid_text(country) +
                   ": each round's energy is drawn evenly over its virtual seconds.\n";
    for (const auto& note : place_notes(table)) out += note + ".\n";
    for (const auto& note : notes.zero_grids) out += note + ".\n";
    return out + effective_intensities(table);
}

std::string energy_section(const Table& table)
{
    text::TextTable grid;
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
                    [](const auto& column) { return text::significant(column.phases.virtual_time.count()); }));
    return "\n" + grid.text();
}

std::string sensitivity_text(const carbon::Sensitivity& sensitivity, GramsPerKilowattHour grid)
{
    return sensitivity.figure.substr(0, sensitivity.figure.find(' ')) + " " + text::significant(sensitivity.from) +
           " to " + text::significant(sensitivity.to) + " (" + text::significant((sensitivity.at_from * grid).count()) +
           " to " + text::significant((sensitivity.at_to * grid).count()) + " g)";
}

// What makes the bands of the first country wide: in the others in proportion.
std::string band_section(const Table& table)
{
    const auto has_band = [](const auto& column) { return !column.band.sensitivities.empty(); };
    if (std::none_of(table.columns.begin(), table.columns.end(), has_band)) return {};
    auto out = std::string{"\nBands: all figures at once at the ends of their own"} +
               (has_effective_intensities(table) ? ", at the effective intensity of the likely values" : "") +
               ". They are bounds, not confidence intervals. What moves a cell in " +
               table.accounting.countries.front().iso3 + " most:\n";
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
    const auto other =
        used == carbon::NetworkMethod::router ? carbon::NetworkMethod::kwh_per_gb : carbon::NetworkMethod::router;
    std::string out = "\nNetwork: " + network_text(table, used) + "; no PUE.";
    const auto& country = accounting.countries.front();
    std::string changes;
    for (std::size_t j = 0; j < table.columns.size(); ++j) {
        const auto& column = table.columns[j];
        if (column.energy.network == Joules{}) continue;
        const auto& cell = table.cell(0, j);
        GramsCO2e otherwise;
        for (std::size_t i = 0; i < column.places.size(); ++i)
            otherwise += column.places[i].energy.network_otherwise * cell.intensities[i];
        changes += (changes.empty() ? " " : ", ") + column.heading + " " +
                   text::significant(cell.emissions.network.count()) + " -> " + text::significant(otherwise.count());
    }
    if (accounting.raw_data_upload)
        out += " In centralized columns it is for moving the raw data to the data centre, once (raw_data_upload).";
    if (!changes.empty())
        out += " By the other method (" + network_text(table, other) + ") the network's grams in " + country.iso3 +
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
                (share ? " " + text::significant(share->count()) + " g" : "");
    }
    std::string out;
    if (!known.empty()) out += "Embodied share, in no cell above:" + known + ".\n";
    if (!unknown.empty()) out += "Embodied share unknown, since the profile has no figure for it:" + unknown + ".\n";
    return out;
}

std::string device_line(const energy::DeviceProfile& device)
{
    std::string out = device.id + " (" + device.name + ", " + device.boundary + "):";
    bool first = true;
    for (const auto evidence : energy::all_evidence_levels) {
        int count = 0;
        for (const auto* const figure : device.figures()) count += figure->evidence == evidence ? 1 : 0;
        if (count == 0) continue;
        out += (first ? " " : ", ") + std::to_string(count) + " " + std::string{energy::name(evidence)};
        first = false;
    }
    return out + "; " + validation_text(device) + "\n";
}

// Of the federated trainings, each once; the specification's own where no training is on a fleet.
std::vector<energy::DeviceProfile> edge_devices(const Table& table)
{
    std::vector<energy::DeviceProfile> devices;
    const auto add = [&](const energy::DeviceProfile& device) {
        if (std::ranges::find(devices, device.id, &energy::DeviceProfile::id) == devices.end())
            devices.push_back(device);
    };
    for (const auto& training : table.trainings)
        if (training.outcome.kind == run::TrainingKind::federated && training.fleet)
            for (const auto& device : training.fleet->devices.devices()) add(device);
        else if (training.outcome.kind == run::TrainingKind::federated)
            add(table.accounting.edge_device);
    if (devices.empty()) add(table.accounting.edge_device);
    return devices;
}

// What the watts of columns side by side enclose, where it isn't the same.
std::string boundary_note(const Table& table)
{
    const auto edges = edge_devices(table);
    std::string others;
    for (const auto& device : table.accounting.datacenter_devices)
        if (std::ranges::any_of(edges, [&](const auto& edge) { return edge.boundary != device.boundary; }))
            others += (others.empty() ? "" : ", ") + device.id;
    if (others.empty()) return {};
    std::string enclosed;
    for (const auto& edge : edges) enclosed += (enclosed.empty() ? "" : ", ") + edge.id + " as a " + edge.boundary;
    return "Boundaries differ: " + others + " without the rest of the machine around it, " + enclosed +
           ". What lies outside, such as a GPU's server, is in no cell.\n";
}

std::string device_section(const Table& table)
{
    std::string out = "\nDevices; all joules are modelled by profiles, in " + execution_text(table) +
                      (table.measured.empty() ? "" : ", unless a column says measured") + ". Their figures are:\n";
    for (const auto& device : table.accounting.datacenter_devices) out += device_line(device);
    for (const auto& device : edge_devices(table)) out += device_line(device);
    return out + boundary_note(table);
}

std::string outcome_text(const run::TrainingOutcome& outcome)
{
    if (outcome.diverged || outcome.interrupted) return outcome.missed_words();
    if (!outcome.reached_target) return "no target";
    return *outcome.reached_target ? "reached" : "not reached";
}

std::string training_section(const Table& table)
{
    text::TextTable grid;
    std::vector<std::string> head{"Training", "target", "accuracy", "best", "rounds", "evaluate+aggregate kJ"};
    for (const auto& country : table.accounting.countries) head.push_back("g " + country.iso3);
    grid.add(head);
    for (const auto& training : table.trainings) {
        const auto& outcome = training.outcome;
        std::vector<std::string> row{outcome.label,
                                     outcome_text(outcome),
                                     text::percent(outcome.test_accuracy),
                                     text::percent(outcome.best_test_accuracy),
                                     std::to_string(outcome.rounds),
                                     kilojoules(training.coordinator)};
        for (const auto grams : training.coordinator_emissions) row.push_back(text::significant(grams.count()));
        grid.add(row);
    }
    std::string tests;
    for (const auto& training : table.trainings)
        if (const auto& test = training.outcome.node_test)
            tests += training.outcome.label + ", the nodes' own test sets: " + test->text() + ".\n";
    return "\n" + grid.text() + tests + "Evaluation and aggregation are on " +
           table.accounting.datacenter_devices.front().id + " at PUE " +
           text::shortest(table.accounting.pue.front().ratio()) +
           ", in no column above. Rounds of a centralized training are its evaluations.\n";
}

}  // namespace

std::string kilojoules(Joules energy) { return text::significant(energy.count() / 1000); }

std::vector<std::string> headings(const Table& table, const std::string& corner)
{
    std::vector<std::string> row{corner};
    for (const auto& column : table.columns) row.push_back(column.heading);
    return row;
}

std::string render_screen(const Table& table)
{
    auto out = head_text(table) + cells_text(table);
    const auto alike = not_told_apart(table, 0).size();
    if (alike > 0)
        out += "Not told apart by the bands of their figures: " + std::to_string(alike) + " of " +
               std::to_string(table.pairs.size()) + " pairs of columns in " + table.accounting.countries.front().name +
               ".\n";
    return out;
}

std::string render_text(const Table& table, const Footnotes& notes)
{
    auto out = head_text(table) + main_table(table);
    if (table.published) out += against_published(table) + recomputed_table(*table.published);
    return out + grid_section(table, notes) + energy_section(table) + fleet_sections(table) + band_section(table) +
           network_section(table) + embodied_section(table) + device_section(table) + training_section(table) +
           methods_section(table) + reductions_section(table) + footnote_section(notes);
}

}  // namespace fedgram::report
