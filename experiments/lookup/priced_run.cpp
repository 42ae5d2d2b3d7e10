#include "experiments/lookup/priced_run.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/run/earlier_stop.hpp"
#include "common/run/round_line.hpp"
#include "common/text/nearest_names.hpp"
#include "experiments/lookup/idle_options.hpp"
#include "experiments/lookup/names_with_commas.hpp"
#include "experiments/lookup/record_lookup.hpp"

namespace fedgram::experiments {

namespace {

using Json = nlohmann::ordered_json;

Json number_or_text(const std::string& text)
{
    double number = 0;
    const auto end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc{} && stop == end) return number;
    return text;
}

// A series of record beside a file has no use for what is said of the file.
Json keys_of(const std::string& series, const AssumptionOptions& options)
{
    const bool has_file = !std::ranges::all_of(options.hourly, is_hourly_of_record);
    if (has_file && is_hourly_of_record(series)) return keys_of(HourlyChoice{.basis = options.hourly_choice.basis});
    return keys_of(options.hourly_choice);
}

Json rows(const AssumptionOptions& options)
{
    Json rows = options.countries;
    for (const auto& series : options.hourly) {
        Json row{{"hourly", series}};
        if (!options.from.empty()) row["start"] = options.from;
        row.update(keys_of(series, options));
        rows.push_back(row);
    }
    return rows;
}

// The lists of countries are split at commas, and some countries' names hold one.
AssumptionOptions with_whole_countries(AssumptionOptions options)
{
    if (options.countries.empty() && options.node_places.empty()) return options;
    const auto record = country_names();
    std::optional<carbon::GridTable> file;
    if (!options.grid_file.empty()) file = grid_table(options.grid_file);
    const auto is_name = [&](const std::string& name) {
        return record.find(name) != nullptr || (file && file->knows(name));
    };
    options.countries = with_whole_names(options.countries, is_name);
    options.node_places = with_whole_names(options.node_places, is_name);
    return options;
}

// A section `accounting` of the keys that the options state.
Json section_of(const AssumptionOptions& options)
{
    Json section = Json::object();
    if (!options.grid_file.empty()) section["grid_file"] = options.grid_file;
    if (!options.countries.empty() || !options.hourly.empty()) section["countries"] = rows(options);
    for (const auto& place : options.node_places)
        section["node_places"].push_back(text::lower(place) == "row" ? Json(nullptr) : Json(place));
    if (!options.sites.empty()) section["datacenter_sites"] = options.sites;
    if (!options.pue.empty()) section["pue"] = options.pue;
    if (!options.datacenter_devices.empty()) section["datacenter_devices"] = options.datacenter_devices;
    if (!options.edge_device.empty()) section["edge_device"] = options.edge_device;
    if (!options.inference_devices.empty()) section["inference"]["devices"] = options.inference_devices;
    if (options.inference_rate) section["inference"]["per_second"] = *options.inference_rate;
    if (!options.execution.empty()) section["execution"] = options.execution;
    if (!options.network.empty()) section["network"]["method"] = options.network;
    if (!options.kwh_per_gb.empty()) section["network"]["kwh_per_gb"] = number_or_text(options.kwh_per_gb);
    return section;
}

// An error in the user's file then names the file alone: no key of a specification is wrong.
carbon::AccountingLookup lookup(const AssumptionOptions& options)
{
    auto lookup = accounting_lookup();
    if (!options.grid_file.empty())
        lookup.grid_file = [file = grid_table(options.grid_file)](const std::string&) { return file; };
    return lookup;
}

void stop_earlier(run::RunRecord& run, const std::filesystem::path& folder, double target)
{
    const auto path = folder / "rounds.jsonl";
    run::stop_at(run, run::parse_rounds(files::read_file(path), path.string()), target);
}

/// The fleet of a file, or none where a device is stated; not both, and a fleet's nodes have places of their own.
void set_fleets(const AssumptionOptions& options, run::RunRecord& run)
{
    if (!options.fleet.empty() && !(options.edge_device.empty() && options.node_places.empty()))
        throw SpecError{std::string{"--fleet: its groups say which devices and places the nodes have; leave "} +
                        (options.edge_device.empty() ? "--node-places" : "--edge-device") + " out"};
    for (auto& training : run.trainings) {
        if (training.outcome.kind != run::TrainingKind::federated) continue;
        if (!options.node_places.empty() && training.fleet && options.edge_device.empty())
            throw SpecError{"--node-places: " + training.outcome.label +
                            " has a fleet, whose groups have places of their own; give another --fleet"};
        const bool is_other = !options.edge_device.empty() || !options.fleet.empty();
        if (is_other && training.is_scheduled())
            run.notes.push_back(training.outcome.label +
                                ": who took part and when rounds ended was decided by the run's own fleet; what they "
                                "drew is priced on the other devices.");
        if (!options.edge_device.empty()) training.fleet.reset();
        if (!options.fleet.empty())
            training.fleet = fleet_of_file(options.fleet, run.seed, training.nodes, run.accounting.link);
    }
}

}  // namespace

carbon::Accounting assumed(const carbon::Accounting& assumptions, const AssumptionOptions& options)
{
    const auto whole = with_whole_countries(options);
    auto changed = carbon::with_changes(assumptions, section_of(whole), lookup(whole));
    if (!whole.kwh_per_gb.empty() && number_or_text(whole.kwh_per_gb).is_number())
        changed.network.kwh_per_gb.source = "stated by --kwh-per-gb";
    return changed;
}

PricedRun priced_run(const std::filesystem::path& folder, const AssumptionOptions& stated)
{
    const auto options = with_whole_countries(stated);
    const bool unlike = !options.node_places.empty() || !options.fleet.empty();
    auto run = run::read_run(folder, unlike ? run::NodeNumbers::asked_for : run::NodeNumbers::left_out,
                             options.verify ? run::DigestUse::checked : run::DigestUse::where_it_fits);
    if (options.target) stop_earlier(run, folder, *options.target);
    set_fleets(options, run);
    const auto assumptions = assumed(run.accounting, options);
    for (auto& training : run.trainings)  // whose schedule is in no other column
        if (training.is_scheduled() && !training.fleet) training.fleet = fleet::one_kind(assumptions);
    auto table =
        report::build_table(run, assumptions, published_beside(assumptions),
                            options.measured ? report::MeasuredColumns::shown : report::MeasuredColumns::left_out);
    if (options.measured && std::ranges::none_of(table.measured, &report::MeasuredBeside::whole))
        throw SpecError{"--measured: no centralized training of " + folder.string() +
                        " was measured from beginning to end; `fedgram doctor` shows which meters of a machine work"};
    auto idle = idle_options(run, assumptions, options);
    return {std::move(run), std::move(table), std::move(idle)};
}

}  // namespace fedgram::experiments
