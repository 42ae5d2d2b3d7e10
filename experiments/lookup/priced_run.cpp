#include "experiments/lookup/priced_run.hpp"

#include <charconv>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

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

void replace_rows(Json& section, const AssumptionOptions& options)
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

carbon::Accounting accounting(const carbon::Accounting& of_run, const AssumptionOptions& options)
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

}  // namespace

PricedRun priced_run(const std::filesystem::path& folder, const AssumptionOptions& options)
{
    auto run = carbon::read_run(folder);
    const auto assumptions = accounting(run.accounting, options);
    std::optional<carbon::PublishedTable> published;
    if (assumptions.published) published = published_table(*assumptions.published);
    auto table = carbon::build_table(run, assumptions, published);
    return {std::move(run), std::move(table)};
}

}  // namespace fedgram::experiments
