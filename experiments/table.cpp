#include "experiments/table.hpp"

#include <charconv>
#include <iostream>
#include <optional>
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

carbon::Accounting accounting(const carbon::Accounting& of_run, const TableOptions& options)
{
    auto section = carbon::to_json(of_run);
    if (!options.countries.empty()) section["countries"] = options.countries;
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
    if (const auto source = grid_attribution(table.accounting.countries[cell.country].source))
        std::cout << "\nGrid: " << *source << "\n";
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
