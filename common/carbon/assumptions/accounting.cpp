#include "common/carbon/assumptions/accounting.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::carbon {

namespace {

using Json = nlohmann::ordered_json;
using spec::StrictObject;

const std::string section_path = "accounting";

std::string item_path(const std::string& path, std::size_t index) { return path + "[" + std::to_string(index) + "]"; }

// A column or row can't stand twice in a table.
template <class Item, class Name>
void refuse_twins(const std::vector<Item>& items, const std::string& path, Name name)
{
    for (std::size_t i = 0; i < items.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (name(items[i]) == name(items[j])) spec::refuse(item_path(path, i), name(items[i]), "each only once");
}

// `lookup` for a text, with the path put in front of its error; anything else stays.
template <class Lookup>
Json resolved_name(const Json& value, const std::string& path, const Lookup& lookup)
{
    if (!value.is_string()) return value;
    try {
        return lookup(value.template get<std::string>());
    } catch (const SpecError& error) {
        throw SpecError{path + ": " + error.what()};
    }
}

// `resolve` gives what an item stands for, from it and its path.
template <class Resolve>
void resolve_each(Json& list, const std::string& path, const Resolve& resolve)
{
    if (!list.is_array()) return;  // parse_accounting says what is wrong
    for (std::size_t i = 0; i < list.size(); ++i) list[i] = resolve(list[i], item_path(path, i));
}

std::optional<GridTable> grid_file(const Json& path, const AccountingLookup& lookup)
{
    if (path.is_null()) return std::nullopt;
    const auto key = section_path + ".grid_file";
    if (!path.is_string()) spec::refuse(key, path, "the path of a .csv file");
    try {
        return lookup.grid_file(path.get<std::string>());
    } catch (const SpecError& error) {
        throw SpecError{key + ": " + error.what()};
    }
}

const Json& list_of(StrictObject& section, const char* key)
{
    const auto& list = section.value(key);
    if (!list.is_array()) spec::refuse(section.path_of(key), list, "a list");
    return list;
}

// Lifecycle and direct intensities count different things.
void check_basis(const Accounting& accounting, const std::string& basis, const std::string& path)
{
    const auto& first = accounting.countries.front().basis;
    if (basis != first)
        spec::refuse(
            path + ".basis", basis,
            "\"" + first + "\" as in the first row: lifecycle and direct intensities can't stand in one table");
}

Json defaults()
{
    const NetworkModel network;
    return {{"countries", {"USA", "CHN", "FRA"}},
            {"node_places", Json::array()},
            {"pue", {1.67, 1.11}},
            {"datacenter_sites", Json::array()},
            {"datacenter_devices", {"v100", "k80"}},
            {"edge_device", "jetson-tx2"},
            {"link", {{"download_mbit_s", 20.0}, {"upload_mbit_s", 10.0}}},
            {"network",
             {{"method", name(network.method)},
              {"router_w", energy::to_json(network.router_w)},
              {"kwh_per_gb", energy::to_json(network.kwh_per_gb)}}},
            {"energy_usd_per_kwh", energy::to_json(Accounting{}.energy_usd_per_kwh)},
            {"idle", true},
            {"raw_data_upload", false},
            {"published", nullptr}};
}

}  // namespace

Json resolve_accounting(const Json& section, const AccountingLookup& lookup)
{
    if (!section.is_object() && !section.is_null()) spec::refuse(section_path, section, "an object");
    Json whole = defaults();
    for (const auto& [key, value] : section.items()) {
        if (value.is_object() && (key == "link" || key == "network"))
            whole[key].update(value);  // a part of these may be given
        else
            whole[key] = value;
    }
    const auto file_path = whole.value("grid_file", Json{});
    whole.erase("grid_file");
    const auto file = grid_file(file_path, lookup);
    const auto country = [&](const std::string& text) {
        if (!file || !file->knows(text)) return to_json(lookup.country(text));
        auto found = file->find(text, any_of_file());
        found.source += ", in " + std::filesystem::path{file_path.get<std::string>()}.filename().string();
        return to_json(found);
    };
    const auto place = [&](const Json& value, const std::string& path) {
        return is_hourly_grid(value) ? resolve_hourly_grid(value, path, lookup.hourly)
                                     : resolved_name(value, path, country);
    };
    resolve_each(whole["countries"], section_path + ".countries", place);
    resolve_each(whole["node_places"], section_path + ".node_places", place);
    resolve_each(
        whole["datacenter_sites"], section_path + ".datacenter_sites",
        [&](const Json& site, const std::string& path) { return resolve_datacenter_site(site, path, lookup.region); });
    resolve_each(
        whole["datacenter_devices"], section_path + ".datacenter_devices",
        [&](const Json& device, const std::string& path) { return resolved_name(device, path, lookup.device); });
    if (auto& network = whole["network"]; network.is_object())  // as above
        network["kwh_per_gb"] =
            resolved_name(network["kwh_per_gb"], section_path + ".network.kwh_per_gb", lookup.network);
    whole["edge_device"] = resolved_name(whole["edge_device"], section_path + ".edge_device", lookup.device);
    return to_json(parse_accounting(whole));
}

Accounting parse_accounting(const Json& resolved)
{
    StrictObject section{resolved, section_path};
    Accounting accounting;

    const auto& countries = section.array("countries");
    for (std::size_t i = 0; i < countries.size(); ++i)
        accounting.countries.push_back(parse_grid_intensity(countries[i], item_path(section.path_of("countries"), i)));
    for (std::size_t i = 1; i < countries.size(); ++i)
        check_basis(accounting, accounting.countries[i].basis, item_path(section.path_of("countries"), i));
    refuse_twins(accounting.countries, section.path_of("countries"), [](const auto& item) { return item.iso3; });

    const auto& places = list_of(section, "node_places");
    for (std::size_t i = 0; i < places.size(); ++i) {
        auto& place = accounting.node_places.emplace_back();
        if (places[i].is_null()) continue;
        const auto path = item_path(section.path_of("node_places"), i);
        place = parse_grid_intensity(places[i], path);
        check_basis(accounting, place->basis, path);
    }

    const auto& pue = section.array("pue");
    for (std::size_t i = 0; i < pue.size(); ++i) {
        if (!pue[i].is_number() || pue[i] < 1 || pue[i] > 10)
            spec::refuse(item_path(section.path_of("pue"), i), pue[i], "a number from 1 to 10");
        accounting.pue.emplace_back(pue[i].get<double>());
    }
    refuse_twins(accounting.pue, section.path_of("pue"), [](Pue item) { return item.ratio(); });

    const auto& sites = list_of(section, "datacenter_sites");
    for (std::size_t i = 0; i < sites.size(); ++i) {
        const auto path = item_path(section.path_of("datacenter_sites"), i);
        accounting.datacenter_sites.push_back(parse_datacenter_site(sites[i], path));
        check_basis(accounting, accounting.datacenter_sites.back().basis, path);
    }
    refuse_twins(accounting.datacenter_sites, section.path_of("datacenter_sites"),
                 [](const auto& site) { return id_of(site); });

    const auto& devices = section.array("datacenter_devices");
    for (std::size_t i = 0; i < devices.size(); ++i)
        accounting.datacenter_devices.push_back(
            energy::parse_device_profile(devices[i], item_path(section.path_of("datacenter_devices"), i)));
    refuse_twins(accounting.datacenter_devices, section.path_of("datacenter_devices"),
                 [](const auto& item) { return item.id; });

    accounting.edge_device = energy::parse_device_profile(section.value("edge_device"), section.path_of("edge_device"));

    auto link = section.object("link");
    accounting.link.download_mbit_s = link.number("download_mbit_s", spec::positive);
    accounting.link.upload_mbit_s = link.number("upload_mbit_s", spec::positive);
    link.finish();

    auto network = section.object("network");
    accounting.network.method = network.choice("method", {"router", "kwh_per_gb"}) == "router"
                                    ? NetworkMethod::router
                                    : NetworkMethod::kwh_per_gb;
    accounting.network.router_w =
        energy::parse_stated_figure(network.value("router_w"), network.path_of("router_w"), spec::not_negative);
    accounting.network.kwh_per_gb =
        energy::parse_stated_figure(network.value("kwh_per_gb"), network.path_of("kwh_per_gb"), spec::not_negative);
    network.finish();

    accounting.energy_usd_per_kwh = energy::parse_stated_figure(
        section.value("energy_usd_per_kwh"), section.path_of("energy_usd_per_kwh"), spec::not_negative);
    accounting.idle = section.boolean("idle");
    accounting.raw_data_upload = section.boolean("raw_data_upload");
    if (!section.value("published").is_null()) accounting.published = section.text("published");
    section.finish();
    return accounting;
}

Json to_json(const Accounting& accounting)
{
    Json json;
    json["countries"] = Json::array();
    for (const auto& country : accounting.countries) json["countries"].push_back(to_json(country));
    json["node_places"] = Json::array();
    for (const auto& place : accounting.node_places)
        json["node_places"].push_back(place ? to_json(*place) : Json(nullptr));
    json["pue"] = Json::array();
    for (const auto pue : accounting.pue) json["pue"].push_back(pue.ratio());
    json["datacenter_sites"] = Json::array();
    for (const auto& site : accounting.datacenter_sites) json["datacenter_sites"].push_back(to_json(site));
    json["datacenter_devices"] = Json::array();
    for (const auto& device : accounting.datacenter_devices)
        json["datacenter_devices"].push_back(energy::to_json(device));
    json["edge_device"] = energy::to_json(accounting.edge_device);
    json["link"] = {{"download_mbit_s", accounting.link.download_mbit_s},
                    {"upload_mbit_s", accounting.link.upload_mbit_s}};
    json["network"] = {{"method", name(accounting.network.method)},
                       {"router_w", energy::to_json(accounting.network.router_w)},
                       {"kwh_per_gb", energy::to_json(accounting.network.kwh_per_gb)}};
    json["energy_usd_per_kwh"] = energy::to_json(accounting.energy_usd_per_kwh);
    json["idle"] = accounting.idle;
    json["raw_data_upload"] = accounting.raw_data_upload;
    json["published"] = accounting.published ? Json(*accounting.published) : Json(nullptr);
    return json;
}

}  // namespace fedgram::carbon
