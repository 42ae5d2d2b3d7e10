#include "common/carbon/grid/hourly_grid.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/text/utc_time.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using Json = nlohmann::ordered_json;
using namespace std::chrono_literals;

namespace {

const auto midnight = text::parse_utc("2024-05-01T00:00:00Z").value();

// A file that says what it was read as.
HourlyRecord record(const std::string& name, const HourlyFileOptions& options)
{
    if (name != "CAL") throw SpecError{"hourly series " + name + " is not there"};
    return {{name,
             {midnight, {GramsPerKilowattHour{100}, GramsPerKilowattHour{200}, GramsPerKilowattHour{600}}},
             options.fill_gaps ? HourOrigins{{midnight, midnight + 1h}, {midnight + 2h}, 30min} : HourOrigins{}},
            options.basis.value_or("lifecycle"),
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

TEST_CASE("Without a start it begins with the series, and the basis that is asked for is looked up")
{
    const auto grid = parsed({{"hourly", "CAL"}, {"basis", "direct"}});
    CHECK(grid.hourly->hours.values().size() == 3);
    CHECK(grid.basis == "direct");
}

TEST_CASE("How a file is read is handed to whoever looks it up, and resolved away")
{
    HourlyFileOptions asked;
    const auto lookup = [&](const std::string& name, const HourlyFileOptions& options) {
        asked = options;
        return record(name, options);
    };
    const auto grid = parse_hourly_grid({{"hourly", "CAL"},
                                         {"basis", "direct"},
                                         {"time_column", "t"},
                                         {"value_column", "g"},
                                         {"time_zone", "-03:30"},
                                         {"fill_gaps_h", 1.5},
                                         {"forecast", true}},
                                        "countries[0]", lookup);
    CHECK(asked == HourlyFileOptions{"direct", "t", "g", -210min, 90min, true});
    for (const std::string key : {"time_column", "value_column", "time_zone", "fill_gaps_h", "forecast"})
        CHECK_FALSE(hourly_grid_json(grid).contains(key));
    CHECK(parsed({{"hourly", "CAL"}}).hourly->origins == HourOrigins{});
    static_cast<void>(parse_hourly_grid({{"hourly", "CAL"}}, "countries[0]", lookup));
    CHECK(asked == HourlyFileOptions{});
}

TEST_CASE("The hours that were filled in or are forecasts stay with a grid, from its start on")
{
    const auto grid = parsed({{"hourly", "CAL"}, {"start", "2024-05-01T01:00:00Z"}, {"fill_gaps_h", 2}});
    CHECK(grid.hourly->origins == HourOrigins{{midnight + 1h}, {midnight + 2h}, 30min});
    CHECK(source_text(grid) == "eia, 1 h filled in, 1 h forecast, 30 min at the ends left out");
    const auto json = hourly_grid_json(grid);
    CHECK(json["filled"] == Json::array({"2024-05-01T01:00:00Z"}));
    CHECK(json["forecasts"] == Json::array({"2024-05-01T02:00:00Z"}));
    CHECK(json["left_out_min"] == 30);
    CHECK(parse_hourly_grid(json, "countries[0]", {}) == grid);
    CHECK(source_text(parsed({{"hourly", "CAL"}})) == "eia");
    auto wrong = json;
    wrong["filled"][0] = "noon";
    CHECK_THROWS_WITH(parsed(wrong),
                      "countries[0].filled[0]: \"noon\" is not valid; use an hour in UTC, as \"2020-09-14T06:00:00Z\"");
}

TEST_CASE("What is wrong with a grid by the hour is named by path")
{
    CHECK_THROWS_WITH(
        parsed({{"hourly", "CAL"}, {"time_zone", "Europe/Berlin"}}),
        "countries[0].time_zone: \"Europe/Berlin\" is not valid; use UTC, or a fixed offset such as +01:00");
    CHECK_THROWS_WITH(parsed({{"hourly", "CAL"}, {"fill_gaps_h", 169}}),
                      "countries[0].fill_gaps_h: 169 is not valid; use a number from 0 to 168");
    CHECK_THROWS_WITH(parsed({{"hourly", "XYZ"}}), "countries[0].hourly: hourly series XYZ is not there");
    CHECK_THROWS_WITH(parsed({{"hourly", "CAL"}, {"start", "noon"}}),
                      "countries[0].start: \"noon\" is not valid; use an hour in UTC, as \"2020-09-14T06:00:00Z\"");
    CHECK_THROWS_WITH(parsed({{"hourly", "CAL"}, {"start", "2024-05-01T01:30:00Z"}}),
                      "countries[0].start: 2024-05-01T01:30:00Z is not on the hour; use 2024-05-01T01:00:00Z");
    CHECK_THROWS_WITH(parsed({{"hourly", "CAL"}, {"start", "2024-06-01T01:00:00Z"}}),
                      "countries[0].start: 2024-06-01T01:00:00Z is outside the series; use a time from "
                      "2024-05-01T00:00:00Z to 2024-05-01T02:00:00Z");
    CHECK_THROWS_WITH(
        parsed({{"hourly", "CAL"}, {"stat", "x"}}),
        "countries[0].stat: unknown key; use hourly, start, basis, time_column, value_column, time_zone, fill_gaps_h, "
        "forecast");
    auto negative = hourly_grid_json(parsed({{"hourly", "CAL"}}));
    negative["gco2e_per_kwh"][1] = -1;
    CHECK_THROWS_WITH(parsed(negative), "countries[0].gco2e_per_kwh: -1 is not valid; use a number from 0 to 1000000");
}
