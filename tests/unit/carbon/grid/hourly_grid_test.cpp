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
             {*parse_utc("2024-05-01T00:00:00Z"),
              {GramsPerKilowattHour{100}, GramsPerKilowattHour{200}, GramsPerKilowattHour{600}}}},
            "lifecycle",
            "eia"};
}

Json resolved(const Json& stated) { return resolve_hourly_grid(stated, "countries[0]", record); }

}  // namespace

TEST_CASE("A grid by the hour is resolved to its hours from the start on, with basis and source")
{
    const auto json = resolved({{"hourly", "CAL"}, {"start", "2024-05-01T01:00:00Z"}});
    CHECK(json == Json::parse(R"({"hourly": "CAL", "start": "2024-05-01T01:00:00Z", "basis": "lifecycle",
                                  "source": "eia", "gco2e_per_kwh": [200, 600]})"));
    const auto grid = parse_hourly_grid(json, "countries[0]");
    CHECK(grid.iso3 == "CAL@2024-05-01T01:00:00Z");
    CHECK(grid.name == "CAL from 2024-05-01T01:00:00Z");
    CHECK(grid.intensity == GramsPerKilowattHour{400});
    CHECK(grid.year == 2024);
    CHECK(hourly_grid_json(grid) == json);
    CHECK(resolve_hourly_grid(json, "countries[0]", {}) == json);
}

TEST_CASE("Without a start it begins with the series, and a basis that is stated beats the record's")
{
    const auto grid = parse_hourly_grid(resolved({{"hourly", "CAL"}, {"basis", "direct"}}), "countries[0]");
    CHECK(grid.hourly->hours.values().size() == 3);
    CHECK(grid.basis == "direct");
}

TEST_CASE("What is wrong with a grid by the hour is named by path")
{
    CHECK_THROWS_WITH(resolved({{"hourly", "XYZ"}}), "countries[0].hourly: hourly series XYZ is not there");
    CHECK_THROWS_WITH(resolved({{"hourly", "CAL"}, {"start", "noon"}}),
                      "countries[0].start: \"noon\" is not valid; use an hour in UTC, as \"2020-09-14T06:00:00Z\"");
    CHECK_THROWS_WITH(resolved({{"hourly", "CAL"}, {"start", "2024-05-01T01:30:00Z"}}),
                      "countries[0].start: 2024-05-01T01:30:00Z is not on the hour; use 2024-05-01T01:00:00Z");
    CHECK_THROWS_WITH(resolved({{"hourly", "CAL"}, {"start", "2024-06-01T01:00:00Z"}}),
                      "countries[0].start: 2024-06-01T01:00:00Z is outside the series; use a time from "
                      "2024-05-01T00:00:00Z to 2024-05-01T03:00:00Z");
    CHECK_THROWS_WITH(resolved({{"hourly", "CAL"}, {"stat", "x"}}),
                      "countries[0].stat: unknown key; use hourly, start, basis");
    auto negative = resolved({{"hourly", "CAL"}});
    negative["gco2e_per_kwh"][1] = -1;
    CHECK_THROWS_WITH(parse_hourly_grid(negative, "countries[0]"),
                      "countries[0].gco2e_per_kwh: -1 is not valid; use a number from 0 to 1000000");
}
