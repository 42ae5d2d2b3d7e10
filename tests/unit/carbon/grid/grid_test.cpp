#include "common/carbon/grid/grid.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::carbon;

namespace {

GridTable table()
{
    return GridTable::parse_csv(
        "iso3,iso2,name,year,gco2e_per_kwh,basis,source\n"
        "FRA,FR,France,2023,53.26,lifecycle,ember-2026\r\n"
        "FRA,FR,France,2024,40.48,lifecycle,ember-2026\n"
        "FRA,FR,France,2025,41.44,lifecycle,ember-2026\n"
        "FRA,FR,France,2020,70.93,direct,qiu-2020\n"
        "YEM,YE,Yemen,2022,500,lifecycle,ember-2026\n"
        "COD,CD,\"Congo, Dem. Rep.\",2024,26,lifecycle,ember-2026",
        "grid.csv");
}

std::string error_of(std::string_view country, const GridChoice& choice = {})
{
    try {
        (void)table().find(country, choice);
    } catch (const SpecError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("A country is found by code or name, as of 2024 unless told otherwise")
{
    const auto grid = table();
    CHECK(grid.rows().size() == 6);
    CHECK(grid.find("FRA").intensity == GramsPerKilowattHour{40.48});
    CHECK(grid.find("france").year == 2024);
    CHECK(grid.find("fra", {.year = 2025}).intensity == GramsPerKilowattHour{41.44});
    CHECK(grid.find("FRA", {.year = {}, .basis = "direct", .source = "qiu-2020"}).intensity ==
          GramsPerKilowattHour{70.93});
    CHECK(grid.find("Congo, Dem. Rep.").iso3 == "COD");
}

TEST_CASE("Without a figure for 2024 the latest before it counts") { CHECK(table().find("YEM").year == 2022); }

TEST_CASE("An unknown country is an error with the nearest names")
{
    CHECK(error_of("Frace").find("country \"Frace\" is unknown; did you mean France (FRA)") == 0);
    CHECK(error_of("FRX").find("did you mean France (FRA)") != std::string::npos);
    CHECK(error_of("Qwertyuiop") == "country \"Qwertyuiop\" is unknown; use an ISO 3166 code or a country's name");
}

TEST_CASE("A known country without the row asked for is an error that says what there is")
{
    CHECK(error_of("YEM", {.year = 2030}) ==
          "country YEM: no grid intensity for lifecycle ember-2026 of 2030; there is: lifecycle ember-2026 2022");
}

TEST_CASE("The years that a country has are told by basis and source")
{
    CHECK(error_of("FRA", {.year = 2019}) ==
          "country FRA: no grid intensity for lifecycle ember-2026 of 2019; there is: direct qiu-2020 2020; lifecycle "
          "ember-2026 2023 to 2025");
    CHECK(error_of("FRA", {.year = {}, .basis = {}, .source = {}, .last_year = 2019}) ==
          "country FRA: no grid intensity in 2019 or before; there is: direct qiu-2020 2020; lifecycle ember-2026 2023 "
          "to 2025");
}

TEST_CASE("Of any source and basis the latest year counts")
{
    const GridChoice any{.year = {}, .basis = {}, .source = {}, .last_year = 2100};
    CHECK(table().find("FRA", any).year == 2025);
    CHECK(table().find("YEM", any).year == 2022);
}

TEST_CASE("A damaged grid file is an error with its line")
{
    const std::string heading = "iso3,name,year,gco2e_per_kwh,basis,source\n";
    CHECK_THROWS_WITH(GridTable::parse_csv("iso3,name\n", "g.csv"), "g.csv:1: no column \"year\"");
    CHECK_THROWS_WITH(GridTable::parse_csv(heading + "FRA,France,2024\n", "g.csv"),
                      "g.csv:2: 3 fields are fewer than the heading's");
    CHECK_THROWS_WITH(GridTable::parse_csv(heading + "FRA,France,x,1,a,b\n", "g.csv"),
                      "g.csv:2: year: \"x\" is no whole number");
    CHECK_THROWS_WITH(GridTable::parse_csv(heading + "FRA,France,2024,-1,a,b\n", "g.csv"),
                      "g.csv:2: gco2e_per_kwh: \"-1\" is no number of at least 0");
    for (const std::string number : {"nan", "inf", "-inf", "1e999", ""})
        CHECK_THROWS_WITH(GridTable::parse_csv(heading + "FRA,France,2024," + number + ",a,b\n", "g.csv"),
                          "g.csv:2: gco2e_per_kwh: \"" + number + "\" is no number of at least 0");
    CHECK_THROWS_WITH(GridTable::parse_csv(heading + "FRA,France,2024,1,a,\n", "g.csv"),
                      "g.csv:2: source: empty; every figure needs one");
    CHECK_THROWS_WITH(GridTable::parse_csv(heading + ",France,2024,1,a,b\n", "g.csv"),
                      "g.csv:2: iso3: empty; every figure needs one");
    CHECK_THROWS_WITH(GridTable::parse_csv(heading + "FRA,France,2024,1, ,b\n", "g.csv"),
                      "g.csv:2: basis: empty; every figure needs one");
}

TEST_CASE("A grid intensity written and parsed is the same")
{
    const auto france = table().find("FRA");
    CHECK(parse_grid_intensity(to_json(france), "accounting.countries[0]") == france);
    auto json = to_json(france);
    json["gco2e_per_kwh"] = -1;
    CHECK_THROWS_WITH(parse_grid_intensity(json, "accounting.countries[0]"),
                      "accounting.countries[0].gco2e_per_kwh: -1 is not valid; use a number from 0 to 1000000");
}
