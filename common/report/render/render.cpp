#include "common/report/render/render.hpp"

#include <algorithm>
#include <map>

#include "common/error/error.hpp"
#include "common/report/render/text_sections.hpp"
#include "common/report/table/not_told_apart.hpp"
#include "common/text/banded_number.hpp"
#include "common/text/number_text.hpp"
#include "common/text/utc_time.hpp"

namespace fedgram::report {

Format parse_format(std::string_view word)
{
    if (word == "text") return Format::text;
    if (word == "md") return Format::markdown;
    if (word == "csv") return Format::csv;
    if (word == "json") return Format::json;
    if (word == "latex") return Format::latex;
    if (word == "codecarbon") return Format::codecarbon;
    if (word == "impact-framework") return Format::impact_framework;
    throw SpecError{"format: \"" + std::string{word} +
                    "\" is not valid; use one of text, md, csv, json, latex, codecarbon, impact-framework"};
}

Footnotes footnotes(const run::RunRecord& run, const carbon::Accounting& accounting)
{
    Footnotes notes;
    for (const auto& record : run.trainings) {
        if (run.imported) continue;
        auto& host = notes.host.emplace_back(
            Footnotes::Host{record.outcome.label, record.host_cpu_seconds, record.host_wall_seconds});
        for (const auto& meter : record.host_meters)
            if (meter.method != "estimated") host.meters.push_back(meter);
        if (record.incomplete_rounds > 0)
            notes.incomplete.push_back(
                {record.outcome.label, record.incomplete_rounds, record.outcome.rounds, record.missing_updates});
        if (!record.restarted_nodes.empty()) notes.restarted.push_back({record.outcome.label, record.restarted_nodes});
        if (!record.refused_updates.empty()) notes.refused.push_back({record.outcome.label, record.refused_updates});
        if (record.host_node_estimate) host.meters.push_back(*record.host_node_estimate);
    }
    notes.measured = measured_beside(run, accounting);
    notes.run = run.notes;
    notes.cut_off = run.cut_off;
    notes.wasted_lines = run.wasted_lines;
    notes.wasted = run.wasted;
    return notes;
}

std::string render(const Table& table, Format format, const Footnotes& notes)
{
    switch (format) {
        case Format::text:
            return render_text(table, notes);
        case Format::markdown:
            return render_markdown(table, notes);
        case Format::csv:
            return render_csv(table);
        case Format::json:
            return render_json(table);
        case Format::latex:
            return render_latex(table);
        case Format::codecarbon:
            return render_codecarbon(table, notes.ended);
        case Format::impact_framework:
            return render_impact_framework(table);
    }
    return {};  // unreachable: all formats are above
}

std::string execution_text(const Table& table)
{
    return std::string{energy::name(table.accounting.execution)} + " execution";
}

std::string devices_text(const Table& table)
{
    return "modelled, " + execution_text(table) + (table.measured.empty() ? "" : ", unless a column says measured");
}

std::string validation_text(const energy::DeviceProfile& device)
{
    if (!device.validation) return "unvalidated: held against no measurement beyond its own fit";
    const auto& found = *device.validation;
    const auto factors = [](const char* name, const energy::FactorSpread& spread) {
        return std::string{name} + text::fixed(spread.median, 2) + " (worst " + text::fixed(spread.worst, 2) + ")";
    };
    return "off by a median factor of " + factors("", found.joules) + " in joules, " + factors("", found.watts) +
           " in watts, " + factors("", found.seconds) + " in seconds, over " + std::to_string(found.rows) +
           (found.rows == 1 ? " measured row" : " measured rows");
}

std::string grams_text(const Table& table, const Cell& cell)
{
    return text::banded(cell.emissions.operational().count(), table.band(cell));
}

std::string cell_text(const Table& table, const Cell& cell)
{
    return table.result(cell) ? grams_text(table, cell) : table.outcome(table.columns[cell.column]).missed_words();
}

std::string cell_band_text(const Table& table, const Cell& cell)
{
    return table.result(cell) ? text::band_text(table.band(cell)) : std::string{};
}

std::vector<std::string> alike_notes(const Table& table)
{
    std::map<std::string, std::string> countries;  // by note
    std::vector<std::string> notes;                // in their order
    for (std::size_t i = 0; i < table.accounting.countries.size(); ++i)
        for (const auto& [first, second, ratio] : not_told_apart(table, i)) {
            auto note = table.columns[first].heading + " and " + table.columns[second].heading + " (" +
                        text::banded(ratio.likely, {ratio.low, ratio.high}) + " times" +
                        (ratio.low < ratio.high ? ", " + text::band_text({ratio.low, ratio.high}) : "") + ")";
            auto& in = countries[note];
            in += (in.empty() ? "" : ", ") + table.accounting.countries[i].name;
            if (std::ranges::count(notes, note) == 0) notes.push_back(std::move(note));
        }
    std::string everywhere;
    for (const auto& country : table.accounting.countries)
        everywhere += (everywhere.empty() ? "" : ", ") + country.name;
    for (auto& note : notes)
        if (const auto& in = countries[note]; in != everywhere) note = "In " + in + ": " + note;
    return notes;
}

std::string banded_grams(const Table& table, const Cell& cell)
{
    const auto band = text::band_text(table.band(cell));
    return grams_text(table, cell) + " g" + (band.empty() ? "" : " (" + band + ")");
}

std::vector<std::string> not_reached_notes(const Table& table)
{
    std::vector<std::string> notes;
    for (std::size_t j = 0; j < table.columns.size(); ++j) {
        const auto& outcome = table.outcome(table.columns[j]);
        if (!outcome.missed_target()) continue;
        auto note = table.columns[j].heading + ": " + outcome.missed_words() +
                    (outcome.interrupted ? " after " + std::to_string(outcome.rounds) + " rounds" : "") + " (best " +
                    text::percent(outcome.best_test_accuracy) + "); spent so far:";
        for (std::size_t i = 0; i < table.accounting.countries.size(); ++i)
            note += (i == 0 ? " " : ", ") + table.accounting.countries[i].iso3 + " " +
                    banded_grams(table, table.cell(i, j));
        notes.push_back(note);
    }
    return notes;
}

std::string grid_text(const carbon::GridIntensity& grid)
{
    if (grid.hourly)
        return "by the hour from " + text::utc_text(grid.hourly->hours.begin()) + " (" + grid.basis + ", " +
               source_text(grid) + ")";
    return text::significant(grid.intensity.count()) + " g/kWh (" + std::to_string(grid.year) + ", " + grid.basis +
           ", " + grid.source + ")";
}

// Where the groups of a fleet are.
std::string fleet_places_note(const TableTraining& training)
{
    std::string note;
    for (std::size_t i = 0; i < training.fleet->places.size(); ++i) {
        const auto& place = training.fleet->places[i];
        note += (i == 0 ? "" : "; ") + training.fleet->devices.groups()[i].name + " in " +
                (place ? (place->hourly ? place->hourly->name : place->iso3) + " " + grid_text(*place)
                       : std::string{"the row's country"});
    }
    return training.outcome.label + ", its network too: " + note;
}

std::vector<std::string> place_notes(const Table& table)
{
    const auto& accounting = table.accounting;
    std::vector<std::string> notes;
    std::string in_turn;
    std::string grids;
    for (const auto& place : accounting.node_places) {
        in_turn += (in_turn.empty() ? "" : ", ") + (place ? place->iso3 : std::string{"the row's country"});
        if (!place) continue;
        const auto grid = (place->hourly ? place->hourly->name : place->iso3) + " " + grid_text(*place);
        if (grids.find(grid) == std::string::npos) grids += (grids.empty() ? ": " : "; ") + grid;
    }
    if (!in_turn.empty()) notes.push_back("Nodes in " + in_turn + " in turn, their network too" + grids);
    for (const auto& training : table.trainings)
        if (training.fleet) notes.push_back(fleet_places_note(training));
    for (const auto& site : accounting.datacenter_sites)
        notes.push_back("Site " + id_of(site) + " (" + site.location + "), in every row: " + grid_text(grid_of(site)) +
                        ", PUE " + text::shortest(site.pue->ratio()) + " (" + site.pue_source + ")");
    return notes;
}

bool has_effective_intensities(const Table& table)
{
    return std::any_of(table.cells.begin(), table.cells.end(), [&](const auto& cell) {
        return cell.intensity != table.accounting.countries[cell.country].intensity;
    });
}

std::string grid_note(const Table& table)
{
    std::string note;
    for (const auto& country : table.accounting.countries)
        note += (note.empty() ? "" : "; ") + (country.hourly ? country.hourly->name : country.iso3) + " " +
                grid_text(country);
    return note;
}

std::string network_text(const Table& table, carbon::NetworkMethod method)
{
    const auto& accounting = table.accounting;
    if (method == carbon::NetworkMethod::kwh_per_gb)
        return text::shortest(accounting.network.kwh_per_gb.value) + " kWh/GB";
    const auto link = text::shortest(accounting.link.download_mbit_s) + " Mbit/s down and " +
                      text::shortest(accounting.link.upload_mbit_s) + " up";
    std::size_t fleets = 0, others = 0;
    for (const auto& training : table.trainings) {
        if (training.outcome.kind != run::TrainingKind::federated) continue;
        (training.fleet && !training.fleet->is_of_one_kind() ? fleets : others) += 1;
    }
    const std::string own = "each node's own link";
    return "router, " + text::shortest(accounting.network.router_w.value) + " W over " +
           (fleets == 0   ? link
            : others == 0 ? own
                          : own + " of a fleet, " + link + " elsewhere");
}

}  // namespace fedgram::report
