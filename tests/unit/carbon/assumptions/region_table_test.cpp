#include "common/carbon/assumptions/region_table.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::carbon;

namespace {

const std::string heading = "provider,region,location,iso3,year,gco2e_per_kwh,basis,source,pue,pue_source\n";

RegionTable table()
{
    return RegionTable::parse_csv(heading +
                                      "gcp,europe-west1,Belgium,BEL,2019,196,lifecycle,rci-lifecycle,,\n"
                                      "gcp,europe-west1,Belgium,BEL,2020,212,lifecycle,rci-lifecycle,,\n"
                                      "gcp,europe-west1,Belgium,BEL,2023,122,direct,rci,1.1,provider\n"
                                      "gcp,europe-west1,Belgium,BEL,2024,103.37,direct,rci,1.09,provider\n"
                                      "gcp,me-west1,Tel Aviv,ISR,2024,400,direct,rci,,\n"
                                      "aws,eu-west-1,Ireland,IRL,2024,300,lifecycle,ember,1.1,provider\n"
                                      "aws,eu-west-1,Ireland,IRL,2021,348,direct,ccf,1.135,ccf\n",
                                  "regions.csv");
}

std::string error_of(std::string_view id, const RegionChoice& choice = {})
{
    try {
        static_cast<void>(table().find(id, choice));
    } catch (const SpecError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("A region's latest lifecycle figure counts unless told otherwise")
{
    const auto belgium = table().find("GCP:Europe-West1");
    CHECK(belgium.intensity == GramsPerKilowattHour{212});
    CHECK(belgium.year == 2020);
    CHECK(id_of(belgium) == "gcp:europe-west1");
    CHECK(table().find("gcp:europe-west1", {.year = 2019}).intensity == GramsPerKilowattHour{196});
    CHECK(table().find("gcp:europe-west1", {.basis = "direct"}).intensity == GramsPerKilowattHour{103.37});
    CHECK(table().find("gcp:europe-west1", {.year = 2023}).basis == "direct");
    CHECK(table().find("gcp:me-west1").basis == "direct");
}

TEST_CASE("A region's PUE is its row's, or else its latest")
{
    CHECK(table().find("gcp:europe-west1").pue == Pue{1.09});
    CHECK(table().find("gcp:europe-west1", {.year = 2023}).pue == Pue{1.1});
    CHECK(table().find("aws:eu-west-1", {.basis = "direct"}).pue_source == "ccf");
    CHECK(!table().find("gcp:me-west1").pue);
    CHECK(to_json(table().find("gcp:me-west1")).at("pue").is_null());
    CHECK(to_json(table().find("gcp:europe-west1")).at("pue") == 1.09);
}

TEST_CASE("An unknown region is an error with the nearest names")
{
    CHECK(error_of("gcp:europe-west2") == "region \"gcp:europe-west2\" is unknown; did you mean gcp:europe-west1?");
    CHECK(error_of("europe-west1").find("did you mean gcp:europe-west1") != std::string::npos);
    CHECK(error_of("somewhere-else-entirely") ==
          "region \"somewhere-else-entirely\" is unknown; use PROVIDER:REGION, such as gcp:europe-west1");
}

TEST_CASE("A known region without the row asked for is an error that says what there is")
{
    CHECK(error_of("gcp:me-west1", {.year = 2030}) ==
          "region gcp:me-west1: no grid intensity of 2030; there is: direct 2024");
    CHECK(error_of("gcp:europe-west1", {.year = 2024, .basis = "lifecycle"}) ==
          "region gcp:europe-west1: no lifecycle grid intensity of 2024; there is: direct 2023, 2024; lifecycle 2019, "
          "2020");
}

TEST_CASE("A provider's regions are listed once each")
{
    const auto gcp = table().of_provider("GCP");
    REQUIRE(gcp.size() == 2);
    CHECK(gcp[0].region == "europe-west1");
    CHECK(gcp[0].year == 2020);
    CHECK(gcp[1].region == "me-west1");
    CHECK_THROWS_WITH(table().of_provider("gpc"), "provider \"gpc\" is unknown; use one of aws, gcp");
}

TEST_CASE("A damaged region file is an error with its line")
{
    CHECK_THROWS_WITH(RegionTable::parse_csv("provider,region\n", "r.csv"), "r.csv:1: no column \"location\"");
    CHECK_THROWS_WITH(RegionTable::parse_csv(heading + "gcp,a,b,BEL,2020,-1,direct,rci,,\n", "r.csv"),
                      "r.csv:2: gco2e_per_kwh: \"-1\" is no number of at least 0");
    CHECK_THROWS_WITH(RegionTable::parse_csv(heading + "gcp,a,b,BEL,2020,1,direct,rci,0.9,p\n", "r.csv"),
                      "r.csv:2: PUE: 0.9 is not valid; use a number from 1 to 10");
}
