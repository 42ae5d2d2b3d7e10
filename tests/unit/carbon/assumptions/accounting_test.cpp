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
                return energy::to_json(device);
            },
            [](const std::string& name) {
                if (name == "Frace") throw SpecError{"country \"Frace\" is unknown; did you mean France (FRA)?"};
                return GridIntensity{name, name, GramsPerKilowattHour{100}, 2024, "lifecycle", "ember-2026"};
            },
            [](const std::string& id) -> Json {
                if (id != "mobile") throw SpecError{"\"" + id + "\" is no figure of record"};
                return {{"value", 0.14}, {"standing", "published"}, {"source", "mobile (2020)"}};
            },
            [](const std::string& path) -> GridTable {
                if (path != "home/own.csv") throw SpecError{path + " is not there"};
                return GridTable::parse_csv(
                    "iso3,name,year,gco2e_per_kwh,basis,source\n"
                    "NLD,Netherlands,2025,222,lifecycle,measured\n",
                    path);
            },
            [](const std::string& name) -> HourlyRecord {
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
        (void)resolve_accounting(section, lookup());
    } catch (const SpecError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("An empty section resolves to the stated defaults")
{
    for (const auto& empty : {Json(nullptr), Json::object()}) {
        const auto accounting = parse_accounting(resolve_accounting(empty, lookup()));
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
    const auto accounting = parse_accounting(resolve_accounting({{"countries", {"DEU"}},
                                                                 {"edge_device", "phone"},
                                                                 {"link", {{"upload_mbit_s", 5}}},
                                                                 {"network", {{"method", "kwh_per_gb"}}},
                                                                 {"idle", false},
                                                                 {"published", "table4"}},
                                                                lookup()));
    CHECK(accounting.countries.size() == 1);
    CHECK(accounting.edge_device.id == "phone");
    CHECK(accounting.link == energy::Link{20, 5});
    CHECK(accounting.network.method == NetworkMethod::kwh_per_gb);
    CHECK(accounting.network.kwh_per_gb.value == 0.03);
    CHECK_FALSE(accounting.idle);
    CHECK(accounting.published == "table4");
}

TEST_CASE("The network's figures are numbers, figures with a source, or names of record")
{
    const auto network = [](const Json& section) {
        return parse_accounting(resolve_accounting({{"network", section}}, lookup())).network;
    };
    CHECK(network({{"router_w", 10}}).router_w.value == 10);
    CHECK(network({{"router_w", 10}}).router_w.source == "stated in the specification");
    CHECK_FALSE(network({{"router_w", 10}}).router_w.low.has_value());
    CHECK(network({{"kwh_per_gb", "mobile"}}).kwh_per_gb.value == 0.14);
    CHECK(network({{"kwh_per_gb", "mobile"}}).kwh_per_gb.source == "mobile (2020)");
    CHECK(network(Json::object()).router_w.high == 20);
}

TEST_CASE("Nodes' places and sites are none by default, also of a section from before they were added")
{
    auto resolved = resolve_accounting(nullptr, lookup());
    CHECK(resolved["node_places"] == Json::array());
    CHECK(resolved["datacenter_sites"] == Json::array());
    resolved.erase("node_places");
    resolved.erase("datacenter_sites");
    const auto accounting = parse_accounting(resolve_accounting(resolved, {}));
    CHECK(accounting.node_places.empty());
    CHECK(accounting.datacenter_sites.empty());
}

TEST_CASE("Nodes' places are countries, null or grids by the hour; sites are regions; all resolve to themselves")
{
    const auto resolved = resolve_accounting({{"countries", {"USA", {{"hourly", "CAL"}}}},
                                              {"node_places", {"FRA", nullptr, {{"hourly", "CAL"}}, "FRA"}},
                                              {"datacenter_sites", {"paris"}}},
                                             lookup());
    const auto accounting = parse_accounting(resolved);
    REQUIRE(accounting.node_places.size() == 4);
    CHECK(accounting.node_places[0]->iso3 == "FRA");
    CHECK_FALSE(accounting.node_places[1].has_value());
    CHECK(accounting.node_places[2] == accounting.countries[1]);
    CHECK(accounting.node_places[3] == accounting.node_places[0]);
    CHECK(id_of(accounting.datacenter_sites[0]) == "aws:paris");
    CHECK(resolve_accounting(resolved, {}) == resolved);
}

TEST_CASE("Countries are looked up in a grid file first, which the resolved section names in the source alone")
{
    const auto resolved = resolve_accounting(
        {{"countries", {"netherlands", "USA"}}, {"node_places", {"NLD"}}, {"grid_file", "home/own.csv"}}, lookup());
    CHECK_FALSE(resolved.contains("grid_file"));
    CHECK(resolved["countries"][0]["gco2e_per_kwh"] == 222);
    CHECK(resolved["countries"][0]["source"] == "measured, in own.csv");
    CHECK(resolved["countries"][1]["gco2e_per_kwh"] == 100);
    CHECK(resolved["node_places"][0]["gco2e_per_kwh"] == 222);
    CHECK(error_of({{"grid_file", "lost.csv"}}) == "accounting.grid_file: lost.csv is not there");
    CHECK(error_of({{"grid_file", 3}}) == "accounting.grid_file: 3 is not valid; use the path of a .csv file");
}

TEST_CASE("A resolved section resolves to itself, without a look-up")
{
    const auto resolved = resolve_accounting({{"pue", {1.2}}}, lookup());
    CHECK(resolve_accounting(resolved, {}) == resolved);
    CHECK(to_json(parse_accounting(resolved)) == resolved);
}

TEST_CASE("A section with a fault is refused by path, value and remedy")
{
    CHECK(error_of(3) == "accounting: 3 is not valid; use an object");
    CHECK(error_of({{"puee", {1.2}}}).find("accounting.puee: unknown key; use countries, node_places, pue,") == 0);
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
    CHECK(error_of({{"edge_device", {{"id", "x"}}}}) == "accounting.edge_device.name: missing; add it");
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
