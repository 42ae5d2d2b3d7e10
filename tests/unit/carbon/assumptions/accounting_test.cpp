#include "common/carbon/assumptions/accounting.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using Json = nlohmann::ordered_json;

namespace {

AccountingLookup lookup()
{
    return {[](const std::string& id) {
                if (id == "nothing") throw SpecError{"device \"nothing\" is unknown; use v100"};
                auto device = test::gpu();
                device.id = id;
                return device;
            },
            [](const std::string& id) -> energy::InferenceDevice {
                auto device = test::gpu();
                device.id = id;
                return {.profile = device};
            },
            [](const std::string& name) {
                if (name == "Frace") throw SpecError{"country \"Frace\" is unknown; did you mean France (FRA)?"};
                return GridIntensity{name, name, GramsPerKilowattHour{100}, 2024, "lifecycle", "ember-2026"};
            },
            [](const std::string& id) -> energy::Figure {
                if (id != "mobile") throw SpecError{"\"" + id + "\" is no figure of record"};
                return {0.14, {}, {}, energy::EvidenceLevel::published, "mobile (2020)"};
            },
            [](const std::string& path) -> GridTable {
                if (path != "home/own.csv") throw SpecError{path + " is not there"};
                return GridTable::parse_csv(
                    "iso3,name,year,gco2e_per_kwh,basis,source\n"
                    "NLD,Netherlands,2025,222,lifecycle,measured\n",
                    path);
            },
            [](const std::string& name, const HourlyFileOptions&) -> HourlyRecord {
                return {{name, {{}, {GramsPerKilowattHour{1}, GramsPerKilowattHour{2}}}}, "lifecycle", "eia"};
            },
            [](const std::string& id, const std::optional<std::string>&) -> RegionIntensity {
                return {"aws",       id,           "Paris",  "FRA",         2024, GramsPerKilowattHour{40},
                        "lifecycle", "ember-2026", Pue{1.2}, "provider-pue"};
            }};
}

std::string error_of(const Json& section)
{
    try {
        (void)parse_accounting(section, lookup());
    } catch (const SpecError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("An empty section resolves to the stated defaults")
{
    for (const auto& empty : {Json(nullptr), Json::object()}) {
        const auto accounting = parse_accounting(empty, lookup());
        REQUIRE(accounting.countries.size() == 3);
        CHECK(accounting.countries[0].iso3 == "USA");
        CHECK(accounting.countries[1].iso3 == "CHN");
        CHECK(accounting.countries[2].iso3 == "FRA");
        CHECK(accounting.pue == std::vector{Pue{1.67}, Pue{1.11}});
        REQUIRE(accounting.datacenter_devices.size() == 2);
        CHECK(accounting.datacenter_devices[0].id == "v100");
        CHECK(accounting.datacenter_devices[1].id == "k80");
        CHECK(accounting.edge_device.id == "jetson-tx2");
        CHECK(accounting.link == energy::Link{20, 10});
        CHECK(accounting.network.method == NetworkMethod::router);
        CHECK(accounting.network.router_w.value == 7.5);
        CHECK(accounting.network.kwh_per_gb.value == 0.03);
        CHECK(accounting.idle);
        CHECK_FALSE(accounting.raw_data_upload);
        CHECK_FALSE(accounting.published.has_value());
    }
}

TEST_CASE("What is given beats the defaults, and a part of link or network keeps the rest")
{
    const auto accounting = parse_accounting({{"countries", {"DEU"}},
                                              {"edge_device", "phone"},
                                              {"link", {{"upload_mbit_s", 5}}},
                                              {"network", {{"method", "kwh_per_gb"}}},
                                              {"idle", false},
                                              {"published", "table4"}},
                                             lookup());
    CHECK(accounting.countries.size() == 1);
    CHECK(accounting.edge_device.id == "phone");
    CHECK(accounting.link == energy::Link{20, 5});
    CHECK(accounting.network.method == NetworkMethod::kwh_per_gb);
    CHECK(accounting.network.kwh_per_gb.value == 0.03);
    CHECK_FALSE(accounting.idle);
    CHECK(accounting.published == "table4");
}

TEST_CASE("What answers requests is the first data-centre device and the edge device, or what is stated")
{
    const auto inference = [](const Json& section) {
        return parse_accounting({{"inference", section}}, lookup()).inference;
    };
    CHECK(parse_accounting(Json::object(), lookup()).inference.is_default());
    CHECK_FALSE(to_json(parse_accounting(Json::object(), lookup())).contains("inference"));
    const auto stated = inference({{"devices", {"phone", "board"}}, {"per_second", 10}});
    REQUIRE(stated.devices.size() == 2);
    CHECK(stated.devices[1].id() == "board");
    CHECK(stated.per_second == 10);
    CHECK(error_of({{"inference", {{"per_second", 0}}}}).starts_with("accounting.inference.per_second: 0 is not"));
    CHECK(error_of({{"inference", {{"devices", {"a", "a"}}}}}) ==
          "accounting.inference.devices[1]: \"a\" is not valid; use each only once");
    const auto whole = to_json(parse_accounting({{"inference", {{"devices", {"phone"}}}}}, lookup()));
    CHECK(to_json(parse_accounting(whole, no_names())) == whole);
}

TEST_CASE("The network's figures are numbers, figures with a source, or names of record")
{
    const auto network = [](const Json& section) { return parse_accounting({{"network", section}}, lookup()).network; };
    CHECK(network({{"router_w", 10}}).router_w.value == 10);
    CHECK(network({{"router_w", 10}}).router_w.source == "stated in the specification");
    CHECK_FALSE(network({{"router_w", 10}}).router_w.low.has_value());
    CHECK(network({{"kwh_per_gb", "mobile"}}).kwh_per_gb.value == 0.14);
    CHECK(network({{"kwh_per_gb", "mobile"}}).kwh_per_gb.source == "mobile (2020)");
    CHECK(network(Json::object()).router_w.high == 20);
}

TEST_CASE("How kernels are launched holds for all devices, also for those that a change brings")
{
    const auto all_are = [](const Accounting& accounting, energy::Execution execution) {
        CHECK(accounting.edge_device.execution == execution);
        for (const auto& device : accounting.datacenter_devices) CHECK(device.execution == execution);
    };
    const auto eager = parse_accounting(nullptr, lookup());
    all_are(eager, energy::Execution::eager);
    const auto graph = with_changes(eager, {{"execution", "graph"}}, lookup());
    all_are(graph, energy::Execution::graph);
    all_are(with_changes(graph, {{"edge_device", "phone"}, {"datacenter_devices", {"v100"}}}, lookup()),
            energy::Execution::graph);
    CHECK(to_json(graph)["execution"] == "graph");
    CHECK(to_json(parse_accounting(to_json(graph), no_names())) == to_json(graph));
    CHECK_THROWS_WITH(parse_accounting({{"execution", "jit"}}, lookup()),
                      "accounting.execution: \"jit\" is not valid; use one of eager, graph");
    auto before = to_json(graph);
    before.erase("execution");
    all_are(parse_accounting(before, no_names()), energy::Execution::eager);
}

TEST_CASE("Nodes' places and sites are none by default, also of a section from before they were added")
{
    auto resolved = to_json(parse_accounting(nullptr, lookup()));
    CHECK(resolved["node_places"] == Json::array());
    CHECK(resolved["datacenter_sites"] == Json::array());
    resolved.erase("node_places");
    resolved.erase("datacenter_sites");
    const auto accounting = parse_accounting(resolved, no_names());
    CHECK(accounting.node_places.empty());
    CHECK(accounting.datacenter_sites.empty());
}

TEST_CASE("Nodes' places are countries, null or grids by the hour; sites are regions; all are written without names")
{
    const auto accounting = parse_accounting({{"countries", {"USA", {{"hourly", "CAL"}}}},
                                              {"node_places", {"FRA", nullptr, {{"hourly", "CAL"}}, "FRA"}},
                                              {"datacenter_sites", {"paris"}}},
                                             lookup());
    REQUIRE(accounting.node_places.size() == 4);
    CHECK(accounting.node_places[0]->iso3 == "FRA");
    CHECK_FALSE(accounting.node_places[1].has_value());
    CHECK(accounting.node_places[2] == accounting.countries[1]);
    CHECK(accounting.node_places[3] == accounting.node_places[0]);
    CHECK(id_of(accounting.datacenter_sites[0]) == "aws:paris");
    CHECK(to_json(parse_accounting(to_json(accounting), no_names())) == to_json(accounting));
}

TEST_CASE("Countries are looked up in a grid file first, which is written in the source alone")
{
    const auto accounting = parse_accounting(
        {{"countries", {"netherlands", "USA"}}, {"node_places", {"NLD"}}, {"grid_file", "home/own.csv"}}, lookup());
    CHECK_FALSE(to_json(accounting).contains("grid_file"));
    CHECK(accounting.countries[0].intensity.count() == 222);
    CHECK(accounting.countries[0].source == "measured, in own.csv");
    CHECK(accounting.countries[1].intensity.count() == 100);
    CHECK(accounting.node_places[0]->intensity.count() == 222);
    CHECK(error_of({{"grid_file", "lost.csv"}}) == "accounting.grid_file: lost.csv is not there");
    CHECK(error_of({{"grid_file", 3}}) == "accounting.grid_file: 3 is not valid; use the path of a .csv file");
}

TEST_CASE("A section that was written reads back the same, without a look-up")
{
    const auto written = to_json(parse_accounting({{"pue", {1.2}}}, lookup()));
    CHECK(to_json(parse_accounting(written, no_names())) == written);
    CHECK_THROWS_WITH(parse_accounting({{"edge_device", "phone"}}, no_names()),
                      Catch::Contains("\"USA\" is a name; a run's spec.json holds what it stands for"));
}

TEST_CASE("Changes replace the keys that they state and keep the rest")
{
    const auto before = parse_accounting({{"countries", {"NLD", "USA"}},
                                          {"node_places", {"NLD", nullptr}},
                                          {"network", {{"router_w", 10}}},
                                          {"idle", false}},
                                         lookup());
    const auto kept = to_json(before);
    auto changed = to_json(with_changes(before, {{"network", {{"kwh_per_gb", "mobile"}}}, {"pue", {1.5}}}, lookup()));
    CHECK(changed["pue"] == Json{1.5});
    CHECK(changed["network"]["kwh_per_gb"]["value"] == 0.14);
    CHECK(changed["network"]["router_w"] == kept["network"]["router_w"]);
    changed["pue"] = kept["pue"];
    changed["network"] = kept["network"];
    CHECK(changed == kept);
    CHECK(to_json(with_changes(before, Json::object(), no_names())) == kept);
}

TEST_CASE("A grid file among the changes gives the places that it knows, and no others")
{
    const auto before = parse_accounting({{"countries", {"NLD", "USA"}}, {"node_places", {nullptr, "NLD"}}}, lookup());
    const auto after = with_changes(before, {{"grid_file", "home/own.csv"}}, lookup());
    CHECK(after.countries[0].source == "measured, in own.csv");
    CHECK(after.countries[1] == before.countries[1]);
    CHECK_FALSE(after.node_places[0].has_value());
    CHECK(after.node_places[1]->intensity.count() == 222);
}

TEST_CASE("Changes that don't go with what is kept are refused")
{
    auto direct = to_json(test::accounting().countries[0]);
    direct["basis"] = "direct";
    const auto before = parse_accounting({{"datacenter_sites", {"paris"}}}, lookup());
    CHECK_THROWS_WITH(with_changes(before, {{"countries", {direct}}}, lookup()),
                      Catch::StartsWith("accounting.datacenter_sites[0].basis: \"lifecycle\" is not valid"));
}

TEST_CASE("A section with a fault is refused by path, value and remedy")
{
    CHECK(error_of(3) == "accounting: 3 is not valid; use an object");
    CHECK(
        error_of({{"puee", {1.2}}}).find("accounting.puee: unknown key; use grid_file, countries, node_places, pue,") ==
        0);
    CHECK(error_of({{"pue", {1.2, 0.9}}}) == "accounting.pue[1]: 0.9 is not valid; use a number from 1 to 10");
    CHECK(error_of({{"pue", 1.2}}) == "accounting.pue: 1.2 is not valid; use a list of at least one item");
    CHECK(error_of({{"pue", Json::array()}}) == "accounting.pue: [] is not valid; use a list of at least one item");
    CHECK(error_of({{"pue", {1.2, 1.2}}}) == "accounting.pue[1]: 1.2 is not valid; use each only once");
    CHECK(error_of({{"countries", {"USA", "USA"}}}) ==
          "accounting.countries[1]: \"USA\" is not valid; use each only once");
    CHECK(error_of({{"countries", {"USA", "Frace"}}}) ==
          "accounting.countries[1]: country \"Frace\" is unknown; did you mean France (FRA)?");
    auto direct = to_json(test::accounting().countries[1]);
    direct["basis"] = "direct";
    CHECK(
        error_of({{"countries", {to_json(test::accounting().countries[0]), direct}}}) ==
        "accounting.countries[1].basis: \"direct\" is not valid; use \"lifecycle\" as in the first row: lifecycle and "
        "direct intensities can't stand in one table");
    const auto direct_is =
        "\"direct\" is not valid; use \"lifecycle\" as in the first row: lifecycle and direct "
        "intensities can't stand in one table";
    CHECK(error_of({{"node_places", {nullptr, direct}}}) ==
          std::string{"accounting.node_places[1].basis: "} + direct_is);
    auto site = to_json(lookup().region("paris", {}));
    site["basis"] = "direct";
    CHECK(error_of({{"datacenter_sites", {site}}}) ==
          std::string{"accounting.datacenter_sites[0].basis: "} + direct_is);
    CHECK(error_of({{"datacenter_sites", {"paris", "paris"}}}) ==
          "accounting.datacenter_sites[1]: \"aws:paris\" is not valid; use each only once");
    CHECK(error_of({{"node_places", "FRA"}}) == "accounting.node_places: \"FRA\" is not valid; use a list");
    CHECK(error_of({{"countries", {nullptr}}}) == "accounting.countries[0]: null is not valid; use an object");
    CHECK(error_of({{"energy_usd_per_kwh", -0.1}}) ==
          "accounting.energy_usd_per_kwh: -0.1 is not valid; use a number of at least 0");
    CHECK(error_of({{"countries", {7}}}) == "accounting.countries[0]: 7 is not valid; use an object");
    CHECK(error_of({{"datacenter_devices", {"nothing"}}}) ==
          "accounting.datacenter_devices[0]: device \"nothing\" is unknown; use v100");
    CHECK(error_of({{"edge_device", {{"id", "x"}}}}) ==
          "accounting.edge_device.name: missing; add it\n"
          "accounting.edge_device.class: missing; add it\n"
          "accounting.edge_device.boundary: missing; add it\n"
          "accounting.edge_device.figures: missing; add it");
    CHECK(error_of({{"link", {{"download_mbit_s", 0}}}}) ==
          "accounting.link.download_mbit_s: 0 is not valid; use a number above 0");
    CHECK(error_of({{"link", 5}}) == "accounting.link: 5 is not valid; use an object");
    CHECK(error_of({{"network", "router"}}) == "accounting.network: \"router\" is not valid; use an object");
    CHECK(error_of({{"network", {1, 2}}}) == "accounting.network: [1,2] is not valid; use an object");
    CHECK(error_of({{"network", {{"method", "modem"}}}}) ==
          "accounting.network.method: \"modem\" is not valid; use one of router, kwh_per_gb");
    CHECK(error_of({{"network", {{"router_w", -1}}}}) ==
          "accounting.network.router_w: -1 is not valid; use a number of at least 0");
    CHECK(error_of({{"network", {{"kwh_per_gb", "modem"}}}}) ==
          "accounting.network.kwh_per_gb: \"modem\" is no figure of record");
    CHECK(error_of({{"idle", "yes"}}) == "accounting.idle: \"yes\" is not valid; use true or false");
    CHECK(error_of({{"published", 4}}) == "accounting.published: 4 is not valid; use a text that is not empty");
}

TEST_CASE("All mistakes of the section are told in one answer, a line each")
{
    CHECK(error_of({{"countries", {"Frace", "USA", 3}},
                    {"pue", {0.5, 1.2}},
                    {"datacenter_devices", {"nothing"}},
                    {"execution", "lazy"},
                    {"link", {{"download_mbit_s", 0}}},
                    {"idle", "yes"},
                    {"puee", 1}}) ==
          "accounting.countries[0]: country \"Frace\" is unknown; did you mean France (FRA)?\n"
          "accounting.countries[2]: 3 is not valid; use an object\n"
          "accounting.pue[0]: 0.5 is not valid; use a number from 1 to 10\n"
          "accounting.datacenter_devices[0]: device \"nothing\" is unknown; use v100\n"
          "accounting.execution: \"lazy\" is not valid; use one of eager, graph\n"
          "accounting.link.download_mbit_s: 0 is not valid; use a number above 0\n"
          "accounting.idle: \"yes\" is not valid; use true or false\n"
          "accounting.puee: unknown key; use grid_file, countries, node_places, pue, datacenter_sites, "
          "datacenter_devices, edge_device, execution, link, network, energy_usd_per_kwh, idle, raw_data_upload, "
          "inference, "
          "published");
}

TEST_CASE("All mistakes of an item of the section are told, a line each")
{
    CHECK(error_of({{"countries",
                     {Json{{"iso3", ""}, {"name", "Here"}, {"gco2e_per_kwh", -1}, {"year", 3}, {"basis", "direct"}},
                      Json{{"hourly", 3}, {"start", "noon"}, {"basis", "weekly"}},
                      Json{{"hourly", "own"}, {"start", "noon"}, {"gco2e_per_kwh", {1, "x"}}, {"source", "me"}}}},
                    {"datacenter_sites", {Json{{"provider", "own"}, {"gco2e_per_kwh", 1}, {"year", 3}, {"pue", 0.5}}}},
                    {"datacenter_devices", {Json{{"name", "x"}, {"class", "phone"}}}},
                    {"network", {{"method", "modem"}, {"router_w", -1}, {"kwh_per_gb", "modem"}, {"odd", 1}}}}) ==
          R"(accounting.countries[0].iso3: "" is not valid; use a text that is not empty
accounting.countries[0].gco2e_per_kwh: -1 is not valid; use a number from 0 to 1000000
accounting.countries[0].year: 3 is not valid; use a year from 1900 to 2200
accounting.countries[0].source: missing; add it
accounting.countries[1].hourly: 3 is not valid; use a text that is not empty
accounting.countries[1].start: "noon" is not valid; use an hour in UTC, as "2020-09-14T06:00:00Z"
accounting.countries[1].basis: "weekly" is not valid; use one of lifecycle, direct
accounting.countries[2].start: "noon" is not valid; use an hour in UTC, as "2020-09-14T06:00:00Z"
accounting.countries[2].basis: missing; add it
accounting.countries[2].gco2e_per_kwh: "x" is not valid; use a number from 0 to 1000000
accounting.datacenter_sites[0].region: missing; add it
accounting.datacenter_sites[0].location: missing; add it
accounting.datacenter_sites[0].iso3: missing; add it
accounting.datacenter_sites[0].year: 3 is not valid; use a year from 1900 to 2200
accounting.datacenter_sites[0].basis: missing; add it
accounting.datacenter_sites[0].source: missing; add it
accounting.datacenter_sites[0].pue: 0.5 is not valid; use a number from 1 to 10
accounting.datacenter_devices[0].id: missing; add it
accounting.datacenter_devices[0].class: "phone" is not valid; use one of datacenter, edge
accounting.datacenter_devices[0].boundary: missing; add it
accounting.datacenter_devices[0].figures: missing; add it
accounting.network.method: "modem" is not valid; use one of router, kwh_per_gb
accounting.network.router_w: -1 is not valid; use a number of at least 0
accounting.network.kwh_per_gb: "modem" is no figure of record
accounting.network.odd: unknown key; use method, router_w, kwh_per_gb)");
}

TEST_CASE("What follows from a mistake of the section is no mistake of its own")
{
    // A country may be one of the file's.
    CHECK(error_of({{"grid_file", 3}, {"countries", {"Frace"}}, {"idle", "yes"}}) ==
          "accounting.grid_file: 3 is not valid; use the path of a .csv file\n"
          "accounting.idle: \"yes\" is not valid; use true or false");
}

TEST_CASE("All that stands twice in the section is told in one answer")
{
    CHECK(error_of({{"countries", {"USA", "USA"}}, {"pue", {1.2, 1.3, 1.2}}}) ==
          "accounting.countries[1]: \"USA\" is not valid; use each only once\n"
          "accounting.pue[2]: 1.2 is not valid; use each only once");
}

namespace {

/// "t4" and "phone" have serving records.
AccountingLookup with_records()
{
    auto names = lookup();
    names.serving = [](const std::string& id) -> std::optional<energy::ServingProfile> {
        if (id != "t4" && id != "phone") return std::nullopt;
        energy::ServingProfile record;
        record.id = id;
        record.name = id;
        record.boundary = "board";
        const energy::Figure one{1, {}, {}, energy::EvidenceLevel::assumed, "for a test"};
        record.rates = {{energy::Arithmetic::fp32, one}};
        record.floor_s = one;
        return record;
    };
    return names;
}

std::vector<std::string> records_of(const Accounting& accounting)
{
    std::vector<std::string> ids;
    for (const auto& record : accounting.inference.serving) ids.push_back(record.id);
    return ids;
}

}  // namespace

TEST_CASE("Devices that requests are priced on have their serving records, where these are known by name")
{
    using Ids = std::vector<std::string>;
    const auto parsed = [](const Json& section) { return parse_accounting(section, with_records()); };
    CHECK(records_of(parsed(Json::object())).empty());
    CHECK(parsed(Json::object()).inference.is_default());
    CHECK(records_of(parsed({{"inference", {{"devices", {"t4", "v100"}}}}})) == Ids{"t4"});
    // Without devices of its own, requests go to the first data-centre device and the edge device.
    CHECK(records_of(parsed({{"datacenter_devices", {"t4", "v100"}}, {"edge_device", "phone"}})) == Ids{"t4", "phone"});
    CHECK(records_of(parsed({{"datacenter_devices", {"v100", "t4"}}})).empty());
    CHECK(records_of(parsed({{"datacenter_devices", {"t4"}}, {"inference", {{"devices", {"v100"}}}}})).empty());

    const auto accounting = parsed({{"inference", {{"devices", {"t4"}}}}});
    REQUIRE(accounting.inference.served_by("t4") != nullptr);
    CHECK(accounting.inference.served_by("v100") == nullptr);
    CHECK(to_json(parse_accounting(to_json(accounting), no_names())) == to_json(accounting));
}

TEST_CASE("A device that is stated otherwise loses the record of its name")
{
    const auto before = parse_accounting({{"datacenter_devices", {"t4"}}}, with_records());
    REQUIRE(records_of(before).size() == 1);
    CHECK(records_of(with_changes(before, {{"pue", {1.5}}}, with_records())).size() == 1);
    CHECK(records_of(with_changes(before, {{"datacenter_devices", {"v100"}}}, with_records())).empty());
    // As a file of the user's does that describes a device of the same id.
    auto own = energy::to_json(test::gpu());
    own["id"] = "t4";
    CHECK(records_of(with_changes(before, {{"datacenter_devices", {own}}}, with_records())).empty());
    CHECK(records_of(with_changes(before, {{"inference", {{"devices", {"t4"}}}}}, with_records())).size() == 1);
}
