#include "experiments/commands/report_page.hpp"

#include <algorithm>
#include <iostream>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/report/page/page.hpp"
#include "common/report/page/page_data.hpp"
#include "common/report/serving/serving_section.hpp"
#include "common/run/analysis_file.hpp"
#include "common/run/round_line.hpp"
#include "common/run/spec_file.hpp"
#include "common/run/summary.hpp"
#include "datasets/partition/federation.hpp"
#include "datasets/readers/own_names.hpp"
#include "datasets/sharing/data_cache.hpp"
#include "experiments/commands/page_file.hpp"
#include "experiments/lookup/record_lookup.hpp"

namespace fedgram::experiments {

namespace {

/// A map of more nodes has cells too small to see.
constexpr std::uint32_t most_nodes_shown = 1000;

report::Holdings holdings_of(const datasets::Dataset& data, const datasets::NodeShares& shares)
{
    report::Holdings holdings;
    holdings.classes = datasets::own_names(data).classes;
    for (auto label = holdings.classes.size(); label < data.classes; ++label)
        holdings.classes.push_back(std::to_string(label));
    const auto shown = std::min(shares.nodes(), most_nodes_shown);
    holdings.left_out = shares.nodes() - shown;
    for (std::uint32_t node = 0; node < shown; ++node) {
        holdings.nodes.push_back(std::to_string(node));
        auto& counts = holdings.counts.emplace_back(data.classes);
        for (const auto sample : shares.samples(node)) ++counts[data.train.labels[sample]];
    }
    return holdings;
}

/// Of each federated training; empty where the run's data isn't at hand, or the run was trained elsewhere.
std::map<std::string, report::Holdings> holdings_of(const std::filesystem::path& folder,
                                                    const std::optional<std::filesystem::path>& data_folder)
{
    std::map<std::string, report::Holdings> holdings;
    try {
        const auto path = folder / "spec.json";
        const auto experiment = run::parse_spec_text(files::read_file(path), path.string());
        const auto data = datasets::load_cached(experiment.data, data_folder);
        for (const auto& training : experiment.trainings)
            if (const auto* federated = std::get_if<spec::Federated>(&training.kind))
                holdings[training.label] = holdings_of(data, datasets::node_shares(data, experiment, *federated));
    } catch (const Error& error) {
        std::cerr << "who holds what is left out: " << error.what() << "\n";
        holdings.clear();
    }
    return holdings;
}

/// The run's own first: they may be of a user's files, or of earlier figures.
std::vector<energy::DeviceProfile> devices_beside(const carbon::Accounting& accounting)
{
    auto devices = accounting.datacenter_devices;
    devices.push_back(accounting.edge_device);
    for (const auto& id : device_ids()) {
        if (std::ranges::count(devices, id, &energy::DeviceProfile::id) > 0) continue;
        auto& profile = devices.emplace_back(device(id));
        profile.execution = accounting.execution;
    }
    return devices;
}

std::vector<carbon::GridIntensity> countries_beside(const carbon::Accounting& accounting)
{
    auto countries = accounting.countries;
    std::set<std::string> there;
    for (const auto& country : countries) there.insert(country.iso3);
    const auto record = grid_table();
    for (const auto& row : record.rows())
        if (there.insert(row.iso3).second) try {
                countries.push_back(record.find(row.iso3));
            } catch (const SpecError&) {
                // A country of other bases alone is in no default row either.
            }
    return countries;
}

std::vector<report::PageSource> sources_of(const std::vector<carbon::GridIntensity>& countries)
{
    std::vector<report::PageSource> sources;
    for (const auto& country : countries)
        if (std::ranges::count(sources, country.source, &report::PageSource::id) == 0)
            if (const auto attribution = grid_attribution(country.source))
                sources.push_back({country.source, *attribution});
    return sources;
}

}  // namespace

void write_report_page(const std::filesystem::path& run_folder, const PricedRun& priced,
                       const std::optional<std::filesystem::path>& data_folder,
                       const std::optional<report::PageLife>& life, const std::filesystem::path& file)
{
    refuse_unless_page(file);
    const auto& accounting = priced.table.accounting;
    const auto summary = run::read_summary(run_folder);
    const auto path = run_folder / "rounds.jsonl";
    const auto rounds = run::parse_rounds(files::read_file(path), path.string());
    const auto devices = devices_beside(accounting);
    const auto countries = countries_beside(accounting);
    const auto sources = sources_of(countries);
    const auto holdings = holdings_of(run_folder, data_folder);
    const std::string version = FEDGRAM_VERSION;
    auto data = report::page_data(
        {priced.table, priced.run, summary, rounds, devices, countries, sources, holdings, version, life});
    data["serving"] = report::serving_json(run::read_analyses(run_folder));
    files::write_file(file, report::page(data));
}

}  // namespace fedgram::experiments
