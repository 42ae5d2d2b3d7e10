#include "common/carbon/assumptions/accounting.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/carbon/assumptions/places.hpp"
#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/spec/mistakes.hpp"
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

// Lifecycle and direct intensities count different things.
void check_basis(const Accounting& accounting, const std::string& basis, const std::string& path)
{
    const auto& first = accounting.countries.front().basis;
    if (basis != first)
        spec::refuse(
            path + ".basis", basis,
            "\"" + first + "\" as in the first row: lifecycle and direct intensities can't stand in one table");
}

// What the items, each right by itself, say of each other.
void check(const Accounting& accounting)
{
    spec::Mistakes mistakes;
    const auto bases = [&](const auto& places, const char* key, const auto& basis_of) {
        const auto path = section_path + "." + key;
        for (std::size_t i = 0; i < places.size(); ++i)
            if (const auto* basis = basis_of(places[i]))
                mistakes.collect([&] { check_basis(accounting, *basis, item_path(path, i)); });
    };
    const auto twins = [&](const auto& items, const char* key, const auto& name) {
        mistakes.collect([&] { refuse_twins(items, section_path + "." + key, name); });
    };
    bases(accounting.countries, "countries", [](const auto& place) { return &place.basis; });
    twins(accounting.countries, "countries", [](const auto& item) { return item.iso3; });
    bases(accounting.node_places, "node_places", [](const auto& place) { return place ? &place->basis : nullptr; });
    twins(accounting.pue, "pue", [](Pue item) { return item.ratio(); });
    bases(accounting.datacenter_sites, "datacenter_sites", [](const auto& site) { return &site.basis; });
    twins(accounting.datacenter_sites, "datacenter_sites", [](const auto& site) { return id_of(site); });
    twins(accounting.datacenter_devices, "datacenter_devices", [](const auto& item) { return item.id; });
    twins(accounting.inference.devices, "inference.devices", [](const auto& item) { return item.id(); });
    mistakes.finish();
}

energy::DeviceProfile parse_device(const Json& json, const std::string& path, const AccountingLookup& lookup)
{
    if (json.is_string()) return with_context(path, [&] { return lookup.device(json.get<std::string>()); });
    return energy::parse_device_profile(json, path);
}

energy::InferenceDevice parse_inference_device(const Json& json, const std::string& path,
                                               const AccountingLookup& lookup)
{
    if (json.is_string()) return with_context(path, [&] { return lookup.inference_device(json.get<std::string>()); });
    return energy::parse_inference_device(json, path);
}

// `parse` gives an item from its JSON and path. Of a section that keeps its mistakes, all items' are kept.
template <class Parse>
auto parse_each(const StrictObject& section, const Json& list, const std::string& path, const Parse& parse)
{
    std::vector<decltype(parse(list, path))> items;
    items.reserve(list.size());
    for (std::size_t i = 0; i < list.size(); ++i)
        section.attempt([&] { items.push_back(parse(list[i], item_path(path, i))); });
    return items;
}

void read_places(StrictObject& section, const Places& places, Accounting& accounting)
{
    for (auto& country : accounting.countries) places.update(country);
    for (auto& place : accounting.node_places)
        if (place) places.update(*place);
    const auto parse = [&](const Json& json, const std::string& path) { return places.parse(json, path); };
    section.attempt([&] {
        if (section.has("countries"))
            accounting.countries = parse_each(section, section.array("countries"), section.path_of("countries"), parse);
    });
    section.attempt([&] {
        if (section.has("node_places"))
            accounting.node_places =
                parse_each(section, section.list("node_places"), section.path_of("node_places"),
                           [&](const Json& json, const std::string& path) {
                               return json.is_null() ? std::nullopt : std::optional{parse(json, path)};
                           });
    });
}

void read_datacenters(StrictObject& section, const AccountingLookup& lookup, Accounting& accounting)
{
    const auto parse_pue = [](const Json& json, const std::string& path) {
        if (!json.is_number() || json < 1 || json > 10) spec::refuse(path, json, "a number from 1 to 10");
        return Pue{json.get<double>()};
    };
    const auto parse_site = [&](const Json& json, const std::string& path) {
        return parse_datacenter_site(json, path, lookup.region);
    };
    const auto parse = [&](const Json& json, const std::string& path) { return parse_device(json, path, lookup); };
    section.attempt([&] {
        if (section.has("pue"))
            accounting.pue = parse_each(section, section.array("pue"), section.path_of("pue"), parse_pue);
    });
    section.attempt([&] {
        if (section.has("datacenter_sites"))
            accounting.datacenter_sites =
                parse_each(section, section.list("datacenter_sites"), section.path_of("datacenter_sites"), parse_site);
    });
    section.attempt([&] {
        if (section.has("datacenter_devices"))
            accounting.datacenter_devices =
                parse_each(section, section.array("datacenter_devices"), section.path_of("datacenter_devices"), parse);
    });
}

void read_link(StrictObject link, energy::Link& stated)
{
    link.read("download_mbit_s", stated.download_mbit_s, spec::positive);
    link.read("upload_mbit_s", stated.upload_mbit_s, spec::positive);
    link.finish();
}

void read_network(StrictObject network, const AccountingLookup& lookup, NetworkModel& model)
{
    network.attempt([&] {
        if (network.has("method"))
            model.method = network.choice("method", {"router", "kwh_per_gb"}) == "router" ? NetworkMethod::router
                                                                                          : NetworkMethod::kwh_per_gb;
    });
    network.attempt([&] {
        if (const auto* figure = network.find("router_w"))
            model.router_w = energy::parse_stated_figure(*figure, network.path_of("router_w"), spec::not_negative);
    });
    network.attempt([&] {
        const auto* figure = network.find("kwh_per_gb");
        if (figure == nullptr) return;
        const auto path = network.path_of("kwh_per_gb");
        model.kwh_per_gb = figure->is_string()
                               ? with_context(path, [&] { return lookup.network(figure->get<std::string>()); })
                               : energy::parse_stated_figure(*figure, path, spec::not_negative);
    });
    network.finish();
}

void read_inference(StrictObject section, const AccountingLookup& lookup, InferenceLoad& load)
{
    section.attempt([&] {
        if (section.has("devices"))
            load.devices = parse_each(
                section, section.array("devices"), section.path_of("devices"),
                [&](const Json& json, const std::string& path) { return parse_inference_device(json, path, lookup); });
    });
    constexpr spec::NumberRange requests{.low = 1e-9, .high = 1e9, .words = "a number from 1e-9 to 1e9"};
    section.read("per_second", load.per_second, requests);
    section.attempt([&] {
        if (section.has("serving"))
            load.serving = parse_each(
                section, section.list("serving"), section.path_of("serving"),
                [](const Json& json, const std::string& path) { return energy::parse_serving_profile(json, path); });
    });
    section.finish();
}

/// The records of devices that `changes` names stand for them, and no record for one that it states otherwise, or that
/// no request is priced on.
void update_serving(Accounting& assumptions, const Json& changes, const AccountingLookup& lookup)
{
    auto& load = assumptions.inference;
    const auto forget = [&](const std::string& id) {
        std::erase_if(load.serving, [&](const auto& record) { return record.id == id; });
    };
    const bool has_inference = changes.contains("inference") && changes.at("inference").is_object();
    const Json none = Json::object();
    const auto& inference = has_inference ? changes.at("inference") : none;
    const auto update = [&](const Json& stated, const std::string& id) {
        if (!inference.contains("serving")) forget(id);
        if (!stated.is_string() || !lookup.serving) return;
        if (auto record = lookup.serving(stated.get<std::string>())) {
            forget(id);
            load.serving.push_back(std::move(*record));
        }
    };
    const auto& devices = assumptions.datacenter_devices;
    const auto& edge = assumptions.edge_device;
    if (changes.contains("datacenter_devices"))
        for (std::size_t i = 0; i < devices.size(); ++i) update(changes.at("datacenter_devices")[i], devices[i].id);
    if (changes.contains("edge_device")) update(changes.at("edge_device"), edge.id);
    if (inference.contains("devices"))
        for (std::size_t i = 0; i < load.devices.size(); ++i) update(inference.at("devices")[i], load.devices[i].id());
    const auto is_priced = [&](const std::string& id) {
        if (load.devices.empty()) return id == devices.front().id || id == edge.id;
        return std::ranges::find(load.devices, id, &energy::InferenceDevice::id) != load.devices.end();
    };
    std::erase_if(load.serving, [&](const auto& record) { return !is_priced(record.id); });
}

// What a section that states nothing takes by name.
const Json& default_names()
{
    static const Json names{{"countries", {"USA", "CHN", "FRA"}},
                            {"pue", {1.67, 1.11}},
                            {"datacenter_devices", {"v100", "k80"}},
                            {"edge_device", "jetson-tx2"}};
    return names;
}

}  // namespace

Accounting with_changes(Accounting assumptions, const Json& changes, const AccountingLookup& lookup)
{
    spec::Mistakes mistakes;
    StrictObject section{changes, section_path, spec::Wording::data, &mistakes};
    std::optional<Places> places;
    section.attempt([&] { places.emplace(section.find("grid_file"), lookup); });
    // A place may be one of the file's.
    if (places)
        read_places(section, *places, assumptions);
    else
        section.pass_over({"countries", "node_places"});
    read_datacenters(section, lookup, assumptions);
    section.attempt([&] {
        if (const auto* device = section.find("edge_device"))
            assumptions.edge_device = parse_device(*device, section.path_of("edge_device"), lookup);
    });
    section.attempt([&] {
        if (section.has("execution"))
            assumptions.execution = section.choice("execution", {"eager", "graph"}) == "eager"
                                        ? energy::Execution::eager
                                        : energy::Execution::graph;
    });
    for (auto& device : assumptions.datacenter_devices) device.execution = assumptions.execution;
    assumptions.edge_device.execution = assumptions.execution;
    section.attempt([&] {
        if (section.has("link")) read_link(section.object("link"), assumptions.link);
    });
    section.attempt([&] {
        if (section.has("network")) read_network(section.object("network"), lookup, assumptions.network);
    });
    section.attempt([&] {
        if (const auto* price = section.find("energy_usd_per_kwh"))
            assumptions.energy_usd_per_kwh =
                energy::parse_stated_figure(*price, section.path_of("energy_usd_per_kwh"), spec::not_negative);
    });
    section.attempt([&] {
        if (section.has("idle")) assumptions.idle = section.boolean("idle");
    });
    section.attempt([&] {
        if (section.has("raw_data_upload")) assumptions.raw_data_upload = section.boolean("raw_data_upload");
    });
    section.attempt([&] {
        if (section.has("inference")) read_inference(section.object("inference"), lookup, assumptions.inference);
    });
    for (auto& device : assumptions.inference.devices)
        if (device.profile) device.profile->execution = assumptions.execution;
    section.attempt([&] {
        if (const auto* published = section.find("published"))
            assumptions.published = published->is_null() ? std::nullopt : std::optional{section.text("published")};
    });
    section.finish();
    mistakes.finish();
    update_serving(assumptions, changes, lookup);
    check(assumptions);
    return assumptions;
}

Accounting parse_accounting(const Json& section, const AccountingLookup& lookup)
{
    if (!section.is_object() && !section.is_null()) spec::refuse(section_path, section, "an object");
    auto whole = default_names();
    if (!section.is_null()) whole.update(section);
    return with_changes({}, whole, lookup);
}

}  // namespace fedgram::carbon
