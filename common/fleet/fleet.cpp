#include "common/fleet/fleet.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/carbon/assumptions/datacenter_site.hpp"
#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/spec/mistakes.hpp"
#include "common/spec/spec_ranges.hpp"
#include "common/spec/strict_object.hpp"
#include "common/spec/virtual_rules.hpp"
#include "common/text/utc_time.hpp"

namespace fedgram::fleet {

namespace {

using Json = nlohmann::ordered_json;
using spec::StrictObject;

// Beyond it one node in six is more than 20 times as fast as the median.
constexpr spec::NumberRange deviation{.high = 3,
                                      .words = "a number from 0 to 3, the standard deviation of a logarithm"};

constexpr std::size_t most_name = 64;  // it is a row of tables

constexpr spec::NumberRange utc_offset_h{.low = -12, .high = 14, .words = "hours from -12 to 14"};

energy::DeviceProfile parse_device(StrictObject& group, const FleetContext& context)
{
    const auto& device = group.value("device");
    const auto path = group.path_of("device");
    if (device.is_string()) return with_context(path, [&] { return context.lookup.device(device.get<std::string>()); });
    return energy::parse_device_profile(device, path);
}

void read_link(StrictObject link, energy::NodeGroup& group)
{
    link.read("download_mbit_s", group.link.download_mbit_s, spec::positive);
    link.read("upload_mbit_s", group.link.upload_mbit_s, spec::positive);
    link.read("download_deviation", group.download_deviation, deviation);
    link.read("upload_deviation", group.upload_deviation, deviation);
    link.finish();
}

void read_amount(StrictObject& section, energy::NodeGroup& group)
{
    if (section.has("share") == section.has("nodes"))
        throw SpecError{section.path_of("share") +
                        ": give each group a share of the nodes, or a number of nodes; not " +
                        (section.has("share") ? "both" : "neither")};
    section.read("share", group.share, spec::above_zero_to_one);
    section.read("nodes", group.number, 1);
}

std::optional<carbon::GridIntensity> parse_place(StrictObject& group, const FleetContext& context)
{
    const auto* place = group.find("place");
    if (place == nullptr || place->is_null()) return std::nullopt;
    const auto path = group.path_of("place");
    if (place->is_string() && place->get<std::string>().find(':') != std::string::npos)
        return with_context(path, [&] { return grid_of(context.lookup.region(place->get<std::string>(), {})); });
    return context.places.parse(*place, path);
}

struct ParsedGroup {
    energy::NodeGroup group;
    std::optional<carbon::GridIntensity> place;
    Availability availability;
    double utc_offset_h = 0;
};

ParsedGroup parse_group(const Json& json, const std::string& path, const FleetContext& context)
{
    spec::Mistakes mistakes;
    StrictObject section{json, path, spec::Wording::specification, &mistakes};
    ParsedGroup parsed;
    auto& group = parsed.group;
    group.link = context.link;
    section.attempt([&] {
        group.device = parse_device(section, context);
        group.name = group.device.id;
    });
    section.attempt([&] {
        if (!section.has("name")) return;
        group.name = section.text("name");
        const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
        if (group.name.size() > most_name || std::ranges::any_of(group.name, is_control) ||
            std::ranges::all_of(group.name, [](char c) { return c == ' '; }))
            section.refuse("name", "a text of at most 64 bytes on one line");
    });
    section.attempt([&] { read_amount(section, group); });
    section.attempt([&] {
        if (section.has("link")) read_link(section.object("link"), group);
    });
    section.read("speed_deviation", group.speed_deviation, deviation);
    section.attempt([&] { parsed.place = parse_place(section, context); });
    section.attempt([&] {
        if (const auto* const stated = section.find("availability"))
            parsed.availability = parse_availability(*stated, section.path_of("availability"));
    });
    section.read("utc_offset_h", parsed.utc_offset_h, utc_offset_h);
    section.finish();
    mistakes.finish();
    return parsed;
}

void check_devices(const std::vector<energy::NodeGroup>& groups, const std::string& path)
{
    std::map<std::string, Json> profiles;
    for (const auto& group : groups) {
        auto profile = energy::to_json(group.device);
        const auto [known, is_new] = profiles.emplace(group.device.id, profile);
        if (!is_new && known->second != profile)
            throw SpecError{path + ": two groups have unlike profiles of the id \"" + group.device.id +
                            "\"; give each profile an id of its own"};
    }
}

}  // namespace

bool Fleet::is_of_one_kind() const { return devices.groups().size() == 1 && !devices.groups().front().spreads(); }

bool Fleet::has_hours() const
{
    return std::ranges::any_of(availability,
                               [](const auto& each) { return !std::holds_alternative<AlwaysThere>(each); });
}

std::string Fleet::name() const { return is_of_one_kind() ? devices.groups().front().device.id : std::string{"fleet"}; }

Fleet parse_fleet(const Json& groups, const std::string& path, const FleetContext& context)
{
    if (!groups.is_array() || groups.empty()) spec::refuse(path, groups, "a list of at least one group");
    spec::Mistakes mistakes;
    std::vector<energy::NodeGroup> parsed;
    std::map<std::string, ParsedGroup> by_name;
    for (std::size_t i = 0; i < groups.size(); ++i)
        mistakes.collect([&] {
            const auto item = path + "[" + std::to_string(i) + "]";
            const auto group = parse_group(groups[i], item, context);
            if (!by_name.emplace(group.group.name, group).second)
                throw SpecError{item + ".name: \"" + group.group.name +
                                "\" stands twice; give each group a name of its own"};
            parsed.push_back(group.group);
        });
    mistakes.finish();
    check_devices(parsed, path);
    Fleet fleet{with_context(path, [&] { return energy::NodeDevices{std::move(parsed), context.seed}; }), {}, {}, {}};
    if (const auto nodes = fleet.devices.nodes(); nodes && *nodes != context.nodes)
        throw SpecError{path + ": its groups have " + std::to_string(*nodes) + " nodes and the training has " +
                        std::to_string(context.nodes) + "; make them the same, or give shares"};
    for (const auto& group : fleet.devices.groups()) {
        auto& own = by_name.at(group.name);
        fleet.places.push_back(std::move(own.place));
        fleet.availability.push_back(std::move(own.availability));
        fleet.utc_offsets_h.push_back(own.utc_offset_h);
    }
    return fleet;
}

Fleet parse_resolved_fleet(const Json& groups, const std::string& path, std::uint64_t seed, std::uint32_t nodes)
{
    const auto lookup = carbon::no_names();
    const carbon::Places places{nullptr, lookup};
    return parse_fleet(groups, path, {seed, nodes, places, lookup});
}

Fleet one_kind(const carbon::Accounting& accounting)
{
    energy::NodeGroup group;
    group.name = accounting.edge_device.id;
    group.device = accounting.edge_device;
    group.link = accounting.link;
    Fleet fleet{energy::NodeDevices{{group}, 0}, {std::nullopt}, {AlwaysThere{}}, {0}};
    if (!accounting.node_places.empty()) fleet.places = {accounting.node_places.front()};
    return fleet;
}

bool decides(const spec::Federated& rule, const Fleet* fleet)
{
    return spec::has_virtual_rules(rule) || (fleet != nullptr && fleet->has_hours());
}

void check_private_draw(const spec::Federated& rule, const Fleet* fleet, const std::string& path)
{
    if (rule.privacy && decides(rule, fleet))
        throw SpecError{path +
                        ".privacy: its fleet decides who is there, which is no draw that the accountant knows; leave "
                        "out the groups' hours and availability, or the privacy"};
}

double time_of_day_s(const spec::Federated& rule)
{
    const auto start = rule.start ? text::parse_utc(*rule.start) : std::nullopt;
    if (!start) return 0;
    return static_cast<double>((*start - std::chrono::floor<std::chrono::days>(*start)).count());
}

std::optional<Fleet> fleet_of(const spec::Experiment& experiment, const spec::Training& training,
                              const carbon::Accounting& accounting)
{
    const auto* const rule = std::get_if<spec::Federated>(&training.kind);
    if (rule == nullptr) return std::nullopt;
    if (!rule->fleet) return decides(*rule, nullptr) ? std::optional{one_kind(accounting)} : std::nullopt;
    auto fleet =
        parse_resolved_fleet(*rule->fleet, "trainings." + training.label + ".fleet", experiment.seed, rule->nodes);
    fleet.devices.set_execution(accounting.execution);
    return fleet;
}

Json to_json(const Fleet& fleet)
{
    auto groups = Json::array();
    for (std::size_t i = 0; i < fleet.places.size(); ++i) {
        const auto& group = fleet.devices.groups()[i];
        Json json{{"name", group.name}};
        if (group.number)
            json["nodes"] = *group.number;
        else
            json["share"] = group.share;
        json["device"] = energy::to_json(group.device);
        json["link"] = {{"download_mbit_s", group.link.download_mbit_s},
                        {"upload_mbit_s", group.link.upload_mbit_s},
                        {"download_deviation", group.download_deviation},
                        {"upload_deviation", group.upload_deviation}};
        json["speed_deviation"] = group.speed_deviation;
        json["place"] = fleet.places[i] ? carbon::to_json(*fleet.places[i]) : Json(nullptr);
        json["availability"] = to_json(fleet.availability[i]);
        json["utc_offset_h"] = fleet.utc_offsets_h[i];
        groups.push_back(std::move(json));
    }
    return groups;
}

}  // namespace fedgram::fleet
