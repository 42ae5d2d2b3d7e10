#include "common/carbon/grid/country_names.hpp"

#include <catch2/catch.hpp>

#include "common/carbon/grid/grid.hpp"
#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::carbon;

namespace {

const std::string heading = "iso3,iso2,name,aliases\n";

CountryNames names()
{
    return CountryNames::parse_csv(heading +
                                       "GBR,GB,United Kingdom,UK;Great Britain\n"
                                       "COD,CD,Democratic Republic of Congo,\"Congo, Dem. Rep.;DRC\"\n"
                                       "MCO,MC,Monaco,\n"
                                       "WLD,,World,\n",
                                   "countries.csv");
}

GridTable table()
{
    return GridTable::parse_csv(
        "iso3,name,year,gco2e_per_kwh,basis,source\n"
        "GBR,United Kingdom,2024,217,lifecycle,ember-2026\n"
        "COD,Democratic Republic of Congo,2024,27,lifecycle,ember-2026\n"
        "XYZ,UK,2024,1,lifecycle,ember-2026\n",
        "grid.csv", names());
}

std::string error_of(std::string_view country)
{
    try {
        static_cast<void>(table().find(country));
    } catch (const SpecError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("A country is called by either code, by its name and by its aliases")
{
    const auto all = names();
    for (const std::string name : {"GBR", "gb", "united kingdom", "UK", "U.K.", "Great  Britain"})
        CHECK(all.find(name)->iso3 == "GBR");
    CHECK(all.find("congo dem rep")->shown() == "Democratic Republic of Congo (COD)");
    CHECK(all.find("World")->iso2.empty());
    CHECK(all.find("") == nullptr);
    CHECK(all.find("Atlantis") == nullptr);
}

TEST_CASE("A name that two countries have is an error with its line")
{
    CHECK_THROWS_WITH(CountryNames::parse_csv(heading + "AAA,AA,Aland,\nBBB,BB,Bland,The Aland\n", "c.csv"),
                      "c.csv:3: \"The Aland\" is a name of Aland (AAA) too");
    CHECK_THROWS_WITH(CountryNames::parse_csv(heading + "AAA,AA,,\n", "c.csv"),
                      "c.csv:2: name: empty; every figure needs one");
}

TEST_CASE("A grid is found by whatever its country is called, a table's own name first")
{
    const auto grid = table();
    CHECK(grid.find("gb").iso3 == "GBR");
    CHECK(grid.find("drc").iso3 == "COD");
    CHECK(grid.find("UK").iso3 == "XYZ");
    CHECK(grid.knows("Congo, Dem. Rep."));
    CHECK_FALSE(grid.knows("Monaco"));
}

TEST_CASE("A misspelled alias is understood, and a country without a grid intensity is named")
{
    CHECK(error_of("Great Britian") == "country \"Great Britian\" is unknown; did you mean United Kingdom (GBR)?");
    CHECK(error_of("mc") ==
          "country Monaco (MCO): no grid intensity is known; state one of your own in a file "
          "(--grid-file, accounting.grid_file)");
}
