#include "experiments/lookup/record_lookup.hpp"

#include <map>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/error/error.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::experiments;

TEST_CASE("The network's kWh per GB are to be had by name, with year and scope", "[experiments]")
{
    const auto mobile = network_figure("eu-ict-mobile-2020");
    CHECK(mobile.value == 0.14);
    CHECK(mobile.source == "eu-ict-mobile-2020 (2020): mobile network; EU ICT study 2020; as tabulated by others");
    CHECK(network_figure("traficom-fixed").source.starts_with("traficom-fixed: fixed or Wi-Fi"));
    CHECK_THROWS_WITH(network_figure("modem"), Catch::Matchers::StartsWith("\"modem\" is no figure of record"));
}

TEST_CASE("Places by the hour and sites are resolved from the data of record", "[experiments]")
{
    const auto accounting = read_accounting(
        {{"countries", {{{"hourly", "US-CAL-CISO"}, {"start", "2020-09-14T01:00:00Z"}}}},
         {"datacenter_sites", {"aws:eu-west-3", {{"provider", "gcp"}, {"region", "europe-west1"}, {"pue", 1.09}}}}});
    const auto& hourly = accounting.countries.front();
    CHECK(hourly.hourly->hours.values().size() == 335);
    CHECK(hourly.hourly->hours.values().front().count() == 314.07);
    CHECK(hourly.source == "eia930-ciso");
    CHECK(accounting.datacenter_sites[0].intensity.count() == 40.48);
    CHECK(accounting.datacenter_sites[1].pue == fedgram::carbon::Pue{1.09});
    CHECK_THROWS_WITH(read_accounting({{"datacenter_sites", {"gcp:europe-west9"}}}),
                      Catch::Matchers::StartsWith("accounting.datacenter_sites[0].pue: none is known"));
}

TEST_CASE("An hourly file has the basis and the source that it says itself", "[experiments]")
{
    const fedgram::test::TemporaryFolder folder;
    const auto path = [&](const std::string& name, const std::string& text) {
        fedgram::test::write_file(folder / name, text);
        return (folder / name).string();
    };
    const auto sweden = path("SE.csv",
                             "Datetime (UTC),Carbon intensity gCO₂eq/kWh (direct),Carbon intensity gCO₂eq/kWh "
                             "(Life cycle)\n2024-01-01 00:00:00,2.5,30\n2024-01-01 01:00:00,2.75,31\n");
    const auto britain = path("gb.json", R"({"data":[
        {"from":"2018-01-20T12:00Z","to":"2018-01-20T12:30Z","intensity":{"forecast":266,"actual":263}},
        {"from":"2018-01-20T12:30Z","to":"2018-01-20T13:00Z","intensity":{"forecast":257,"actual":null}}]})");
    const auto accounting =
        read_accounting({{"countries", {{{"hourly", sweden}, {"basis", "direct"}, {"start", "2024-01-01T01:00:00Z"}}}},
                         {"node_places", {{{"hourly", britain}, {"forecast", true}}}}});
    const auto& country = accounting.countries.front();
    CHECK(country.hourly->name == "SE");
    CHECK(country.intensity.count() == 2.75);
    CHECK(country.basis == "direct");
    CHECK(country.source == "SE.csv of Electricity Maps");
    const auto& place = *accounting.node_places.front();
    CHECK(place.intensity.count() == 260);  // (263 + 257) / 2
    CHECK(place.basis == "direct");
    CHECK(source_text(place) == "gb.json of the UK Carbon Intensity API, 1 h forecast");
    CHECK(hourly_record(sweden).basis == "lifecycle");
    CHECK_THROWS_WITH(
        read_accounting({{"countries", {{{"hourly", britain}}}}}),
        Catch::Matchers::StartsWith("accounting.countries[0].hourly: " + britain + ": data[1]: intensity"));
    CHECK_THROWS_WITH(read_accounting({{"countries", {{{"hourly", "no.csv"}}}}}),
                      "accounting.countries[0].hourly: hourly series no.csv is not there; give the path of a .csv or "
                      ".json file, or one of US-CAL-CISO");
}

TEST_CASE("A series of record takes no option that says how a file is read, nor another basis", "[experiments]")
{
    CHECK(hourly_record("US-CAL-CISO", {.basis = "lifecycle"}).basis == "lifecycle");
    CHECK_THROWS_WITH(hourly_record("us-cal-ciso", {.basis = "direct"}),
                      "US-CAL-CISO is lifecycle, and there is no direct one of record");
    CHECK_THROWS_WITH(hourly_record("US-CAL-CISO", {.forecast = true}),
                      "US-CAL-CISO is a series of record; leave out what says how a file is read");
}

TEST_CASE("A device file with a fault is an error that names the file and the key", "[experiments]")
{
    const fedgram::test::TemporaryFolder folder;
    const auto path = (folder / "mine.json").string();
    const auto error_of = [&](const std::string& text) -> std::string {
        fedgram::test::write_file(path, text);
        try {
            static_cast<void>(read_accounting({{"edge_device", path}}));
        } catch (const fedgram::SpecError& error) {
            return error.what();
        }
        return "no error";
    };
    auto profile = device_json("jetson-tx2");
    CHECK(error_of(profile.dump()) == "no error");
    const auto where = "accounting.edge_device: " + path;
    SECTION("negative watts")
    {
        profile["figures"]["full_w"]["value"] = -3;
        CHECK(error_of(profile.dump()) ==
              where + ": device.figures.full_w.value: -3 is not valid; use a number above 0");
    }
    SECTION("no source")
    {
        profile["figures"]["idle_w"].erase("source");
        CHECK(error_of(profile.dump()) == where + ": device.figures.idle_w.source: missing; add it");
    }
    SECTION("a number that JSON doesn't have")
    {
        CHECK_THAT(error_of("{\"id\": NaN}"), Catch::StartsWith(where + ":1:8: "));
        CHECK_THAT(error_of("{\"id\": Infinity}"), Catch::StartsWith(where + ":1:8: "));
    }
    SECTION("a number beyond what a number can be")
    {
        CHECK_THAT(error_of("{\"id\": 1e999}"),
                   Catch::StartsWith(where + ": ") && Catch::EndsWith("; write a number below 1.8e308"));
    }
}

TEST_CASE("A country that isn't known is named with the nearest, a year that isn't there with those that are",
          "[experiments]")
{
    CHECK_THROWS_WITH(read_accounting({{"countries", {"Frace"}}}),
                      "accounting.countries[0]: country \"Frace\" is unknown; did you mean France (FRA)?");
    CHECK_THROWS_WITH(grid_table().find("FRA", {.year = 1850}),
                      Catch::StartsWith("country FRA: no grid intensity") && Catch::Contains("2015 to 2025"));
}

TEST_CASE("A country is found by the names that people use", "[experiments]")
{
    const std::map<std::string, std::string> codes{{"GB", "GBR"},
                                                   {"UK", "GBR"},
                                                   {"Great Britain", "GBR"},
                                                   {"England", "GBR"},
                                                   {"US", "USA"},
                                                   {"usa", "USA"},
                                                   {"U.S.A.", "USA"},
                                                   {"United States of America", "USA"},
                                                   {"DRC", "COD"},
                                                   {"Zaire", "COD"},
                                                   {"Swaziland", "SWZ"},
                                                   {"South Korea", "KOR"},
                                                   {"North Korea", "PRK"},
                                                   {"Korea (South)", "KOR"},
                                                   {"Ivory Coast", "CIV"},
                                                   {"C\u00f4te d\u2019Ivoire", "CIV"},
                                                   {"Kosovo", "XKX"},
                                                   {"XK", "XKX"},
                                                   {"Burma", "MMR"},
                                                   {"Czech Republic", "CZE"},
                                                   {"Macedonia", "MKD"},
                                                   {"Russia", "RUS"},
                                                   {"Russian Federation", "RUS"},
                                                   {"Viet Nam", "VNM"},
                                                   {"Vietnam", "VNM"},
                                                   {"Laos", "LAO"},
                                                   {"Cabo Verde", "CPV"},
                                                   {"Cape Verde", "CPV"},
                                                   {"Turkey", "TUR"},
                                                   {"T\u00fcrkiye", "TUR"},
                                                   {"T\u00dcRK\u0130YE", "TUR"},
                                                   {"Holland", "NLD"},
                                                   {"the Netherlands", "NLD"},
                                                   {"The Gambia", "GMB"},
                                                   {"EU", "EUU"},
                                                   {"Macau", "MAC"}};
    const auto grid = grid_table();
    for (const auto& [name, code] : codes) {
        INFO(name);
        CHECK(grid.find(name).iso3 == code);
    }
    const auto accounting = read_accounting({{"countries", {"uk", "US"}}, {"node_places", {"Holland", nullptr}}});
    CHECK(accounting.countries[0].iso3 == "GBR");
    CHECK(accounting.node_places[0]->iso3 == "NLD");
}

TEST_CASE("An ambiguous or misspelled name is answered by those that are meant", "[experiments]")
{
    CHECK_THROWS_WITH(grid_table().find("Korea"),
                      "country \"Korea\" is unknown; did you mean North Korea (PRK), South Korea (KOR)?");
    CHECK_THROWS_WITH(grid_table().find("Swazland"), "country \"Swazland\" is unknown; did you mean Eswatini (SWZ)?");
    CHECK_THROWS_WITH(grid_table().find("Monaco"), Catch::StartsWith("country Monaco (MCO): no grid intensity"));
}

TEST_CASE("Every country of the grid table is among the countries, under the same name", "[experiments]")
{
    const auto names = country_names();
    const auto grid = grid_table();
    for (const auto& row : grid.rows()) {
        INFO(row.iso3);
        REQUIRE(names.find(row.iso3) != nullptr);
        CHECK(names.find(row.iso3)->name == row.name);
    }
}

TEST_CASE("Names of record are found in upper and lower case", "[experiments]")
{
    CHECK(device("V100").id == "v100");
    CHECK(region_table().find("AWS:EU-West-3").region == "eu-west-3");
    CHECK(network_figure("EU-ICT-mobile-2020").value == 0.14);
    CHECK(hourly_record("us-cal-ciso").series.name == "US-CAL-CISO");
    CHECK(hourly_record("us-cal-ciso").source == "eia930-ciso");
    CHECK_THROWS_WITH(device("v10"), Catch::StartsWith("\"v10\" is no device of record nor a path of a .json file; did "
                                                       "you mean v100? use one of a100, "));
}
