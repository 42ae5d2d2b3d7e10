#include "experiments/table.hpp"

#include <charconv>
#include <iostream>
#include <optional>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/carbon/compare.hpp"
#include "common/carbon/explain.hpp"
#include "common/carbon/render.hpp"
#include "common/carbon/report.hpp"
#include "common/carbon/run_record.hpp"
#include "common/carbon/table.hpp"
#include "experiments/files.hpp"
#include "experiments/record_lookup.hpp"

namespace fedgram::experiments {

namespace {

nlohmann::ordered_json number_or_text(const std::string& text)
{
    double number = 0;
    const auto end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc{} && stop == end) return number;
    return text;
}

using Json = nlohmann::ordered_json;

void replace_rows(Json& section, const TableOptions& options)
{
    if (!options.countries.empty()) section["countries"] = options.countries;
    if (options.hourly.empty()) return;
    if (options.countries.empty()) section["countries"] = Json::array();
    for (const auto& series : options.hourly) {
        Json row{{"hourly", series}};
        if (!options.from.empty()) row["start"] = options.from;
        section["countries"].push_back(row);
    }
}

// The run's own places by name once more, where the user's file knows them.
void look_up_anew(Json& places, const carbon::GridTable& file)
{
    for (auto& place : places)
        if (place.is_object() && place.contains("iso3") && file.knows(place["iso3"].get<std::string>()))
            place = Json(place["iso3"]);
}

carbon::Accounting accounting(const carbon::Accounting& of_run, const TableOptions& options)
{
    auto section = carbon::to_json(of_run);
    if (!options.grid_file.empty()) {
        const auto file = grid_table(options.grid_file);
        section["grid_file"] = options.grid_file;
        look_up_anew(section["countries"], file);
        look_up_anew(section["node_places"], file);
    }
    replace_rows(section, options);
    if (!options.node_places.empty()) {
        section["node_places"] = Json::array();
        for (const auto& place : options.node_places)
            section["node_places"].push_back(place == "row" ? Json(nullptr) : Json(place));
    }
    if (!options.sites.empty()) section["datacenter_sites"] = options.sites;
    if (!options.pue.empty()) section["pue"] = options.pue;
    if (!options.datacenter_devices.empty()) section["datacenter_devices"] = options.datacenter_devices;
    if (!options.edge_device.empty()) section["edge_device"] = options.edge_device;
    if (!options.network.empty()) section["network"]["method"] = options.network;
    if (!options.kwh_per_gb.empty()) section["network"]["kwh_per_gb"] = number_or_text(options.kwh_per_gb);
    return carbon::parse_accounting(resolved_accounting(section));
}

carbon::Table build(const carbon::RunRecord& run, const carbon::Accounting& assumptions)
{
    std::optional<carbon::PublishedTable> published;
    if (assumptions.published) published = published_table(*assumptions.published);
    return carbon::build_table(run, assumptions, published);
}

}  // namespace

int table(const TableOptions& options)
{
    const auto format = carbon::parse_format(options.format);
    const auto run = carbon::read_run(options.run);
    std::cout << carbon::render(build(run, accounting(run.accounting, options)), format, carbon::footnotes(run));
    return 0;
}

int explain(const ExplainOptions& options)
{
    const auto run = carbon::read_run(options.table.run);
    const auto table = build(run, accounting(run.accounting, options.table));
    const auto& cell = carbon::find_cell(table, options.cell);
    std::cout << carbon::explain(table, run, cell);
    std::set<std::string> sources;
    for (std::size_t i = 0; i < cell.intensities.size(); ++i) sources.insert(table.place(cell, i).source);
    for (const auto& id : sources)
        if (const auto source = grid_attribution(id)) std::cout << "\nGrid: " << *source << "\n";
    return 0;
}

int compare(const CompareOptions& options)
{
    const auto table_of = [&](const std::filesystem::path& folder) {
        const auto run = carbon::read_run(folder);
        return build(run, accounting(run.accounting, options.table));
    };
    std::cout << carbon::compare(table_of(options.table.run), table_of(options.other));
    return 0;
}

int report(const ReportOptions& options)
{
    const auto run = carbon::read_run(options.table.run);
    const auto table = build(run, accounting(run.accounting, options.table));
    std::cout << (options.model_card.empty() ? carbon::report(table, run)
                                             : carbon::model_card(table, carbon::find_cell(table, options.model_card)));
    return 0;
}

void write_tables(const std::filesystem::path& run_folder)
{
    const auto run = carbon::read_run(run_folder);
    const auto table = build(run, run.accounting);
    const auto notes = carbon::footnotes(run);
    const std::pair<const char*, carbon::Format> files[] = {
        {"table.txt", carbon::Format::text},  {"table.md", carbon::Format::markdown},
        {"table.csv", carbon::Format::csv},   {"table.json", carbon::Format::json},
        {"table.tex", carbon::Format::latex}, {"emissions.csv", carbon::Format::codecarbon}};
    for (const auto& [name, format] : files) write_file(run_folder / name, carbon::render(table, format, notes));
}

}  // namespace fedgram::experiments
