#include "common/carbon/grid/hourly_grid.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/text/utc_time.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using Json = nlohmann::ordered_json;

namespace {

HourlyRecord record(const std::string& name)
{
    if (name != "CAL") throw SpecError{"hourly series " + name + " is not there"};
    return {{name,
             {*text::parse_utc("2024-05-01T00:00:00Z"),
              {GramsPerKilowattHour{100}, GramsPerKilowattHour{200}, GramsPerKilowattHour{600}}}},
            "lifecycle",
            "eia"};
}

GridIntensity parsed(const Json& stated) { return parse_hourly_grid(stated, "countries[0]", record); }

}  // namespace

TEST_CASE("A grid by the hour has the hours from its start on, and is written with them, basis and source")
{
    const auto grid = parsed({{"hourly", "CAL"}, {"start", "2024-05-01T01:00:00Z"}});
    const auto json = hourly_grid_json(grid);
    CHECK(json == Json::parse(R"({"hourly": "CAL", "start": "2024-05-01T01:00:00Z", "basis": "lifecycle",
                                  "source": "eia", "gco2e_per_kwh": [200, 600]})"));
    CHECK(grid.iso3 == "CAL@2024-05-01T01:00:00Z");
    CHECK(grid.name == "CAL from 2024-05-01T01:00:00Z");
    CHECK(grid.intensity == GramsPerKilowattHour{400});
    CHECK(grid.year == 2024);
    CHECK(parse_hourly_grid(json, "countries[0]", {}) == grid);
}

TEST_CASE("Without a start it begins with the series, and a basis that is stated beats the record's")
{
    const auto grid = parsed({{"hourly", "CAL"}, {"basis", "direct"}});
    CHECK(grid.hourly->hours.values().size() == 3);
    CHECK(grid.basis == "direct");
}

TEST_CASE("What is wrong with a grid by the hour is named by path")
{
    CHECK_THROWS_WITH(parsed({{"hourly", "XYZ"}}), "countries[0].hourly: hourly series XYZ is not there");
    CHECK_THROWS_WITH(parsed({{"hourly", "CAL"}, {"start", "noon"}}),
                      "countries[0].start: \"noon\" is not valid; use an hour in UTC, as \"2020-09-14T06:00:00Z\"");
    CHECK_THROWS_WITH(parsed({{"hourly", "CAL"}, {"start", "2024-05-01T01:30:00Z"}}),
                      "countries[0].start: 2024-05-01T01:30:00Z is not on the hour; use 2024-05-01T01:00:00Z");
    CHECK_THROWS_WITH(parsed({{"hourly", "CAL"}, {"start", "2024-06-01T01:00:00Z"}}),
                      "countries[0].start: 2024-06-01T01:00:00Z is outside the series; use a time from "
                      "2024-05-01T00:00:00Z to 2024-05-01T02:00:00Z");
    CHECK_THROWS_WITH(parsed({{"hourly", "CAL"}, {"stat", "x"}}),
                      "countries[0].stat: unknown key; use hourly, start, basis");
    auto negative = hourly_grid_json(parsed({{"hourly", "CAL"}}));
    negative["gco2e_per_kwh"][1] = -1;
    CHECK_THROWS_WITH(parsed(negative), "countries[0].gco2e_per_kwh: -1 is not valid; use a number from 0 to 1000000");
}
