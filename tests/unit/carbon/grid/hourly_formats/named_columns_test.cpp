#include <catch2/catch.hpp>

#include "common/text/utc_time.hpp"
#include "tests/unit/carbon/grid/hourly_formats/reading.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using carbon::test::error_of;
using carbon::test::grams_of;
using namespace std::chrono_literals;

TEST_CASE("A CSV with utc_start and gco2e_per_kwh needs no option, and is lifecycle unless its owner says otherwise")
{
    const std::string text = "utc_start,gco2e_per_kwh\n2020-09-14T22:00:00Z,100\r\n2020-09-14T23:00:00Z,314.07\n";
    const auto reading = read_hourly(text, "s.csv");
    CHECK(grams_of(reading) == std::vector{100.0, 314.07});
    CHECK(text::utc_text(reading.made.hours.begin()) == "2020-09-14T22:00:00Z");
    CHECK(reading.basis == "lifecycle");
    CHECK(reading.provider.empty());
    CHECK(read_hourly(text, "s.csv", {.basis = "direct"}).basis == "direct");
}

TEST_CASE("Columns are named where they are called otherwise, each by itself")
{
    const HourlyFileOptions named{.time_column = "When", .value_column = "g, all"};
    CHECK(grams_of(read_hourly("id,\"g, all\",When\n1,50,2020-09-14T22:00:00Z\n", "s.csv", named)) ==
          std::vector{50.0});
    CHECK(grams_of(read_hourly("utc_start,g\n2020-09-14 22:00,50\n", "s.csv", {.value_column = "g"})) ==
          std::vector{50.0});
    // An export of another maker may be read so too.
    CHECK(
        grams_of(read_hourly("Datetime (UTC),Carbon intensity gCO₂eq/kWh (Life cycle),mine\n2024-01-01 00:00:00,8,9\n",
                             "s.csv", {.time_column = "Datetime (UTC)", .value_column = "mine"})) == std::vector{9.0});
    CHECK(error_of("time,g\n", "s.csv") ==
          "s.csv:1: no column \"utc_start\"; there is time, g; name those of times and of gCO2e/kWh by --time-column "
          "and --value-column (time_column, value_column)");
    CHECK_THAT(error_of("time,g\n", "s.csv", {.time_column = "time"}),
               Catch::StartsWith("s.csv:1: no column \"gco2e_per_kwh\"; there is time, g;"));
}

TEST_CASE("Times of another zone are UTC from then on")
{
    const HourlyFileOptions columns{.time_column = "time", .value_column = "g"};
    const std::string text = "time,g\n2020-09-14T00:00:00+01:00,100\n2020-09-14T01:00:00+01:00,200\n";
    CHECK(text::utc_text(read_hourly(text, "s.csv", columns).made.hours.begin()) == "2020-09-13T23:00:00Z");
    auto stated = columns;
    stated.time_zone = 60min;
    const std::string local = "time,g\n2020-09-14 00:00,100\n2020-09-14 01:00,200\n";
    CHECK(text::utc_text(read_hourly(local, "s.csv", stated).made.hours.begin()) == "2020-09-13T23:00:00Z");
    CHECK(error_of(local, "s.csv", columns) ==
          "s.csv:2: time: \"2020-09-14 00:00\" names no time zone; say which by --time-zone UTC, or an offset such as "
          "--time-zone +01:00 (time_zone)");
}

TEST_CASE("A damaged series is an error with its line and the way out")
{
    const auto error = [](const std::string& rows) { return error_of("utc_start,gco2e_per_kwh\n" + rows, "s.csv"); };
    const std::string first = "2020-09-14T22:00:00Z,100\n";
    CHECK(error("") == "s.csv:1: no row follows the heading; add one for each hour");
    CHECK(error(first + "2020-09-15T01:00:00Z,100\n") ==
          "s.csv:3: gap of 2 h: after 2020-09-14T22:00:00Z comes 2020-09-15T01:00:00Z; add the row for "
          "2020-09-14T23:00:00Z, or have gaps of up to 2 h filled in by --fill-gaps 2 (fill_gaps_h)");
    CHECK(error(first + first) ==
          "s.csv:3: 2020-09-14T22:00:00Z is there twice, here and right before; keep one of the two");
    CHECK(error(first + "2020-09-14T21:00:00Z,100\n") ==
          "s.csv:3: 2020-09-14T21:00:00Z comes after 2020-09-14T22:00:00Z; sort the rows by time");
    CHECK(error(first + "2020-09-14T23:00:00Z,nan\n") == "s.csv:3: gco2e_per_kwh: \"nan\" is no number of at least 0");
    CHECK(error(first + "2020-09-14T23:00:00Z,\n") == "s.csv:3: gco2e_per_kwh: empty; state it, or leave it out");
    CHECK(error("2020-09-14T22:00:00Z,-1\n") == "s.csv:2: gco2e_per_kwh: \"-1\" is no number of at least 0");
    CHECK(error("2020-09-14T22:00:00Z,1e308\n") ==
          "s.csv:2: gco2e_per_kwh: 1e308 is not valid; use a number from 0 to 1000000");
    CHECK(error("2020-09-14T22:30:00Z,1\n") ==
          "s.csv:2: utc_start: 2020-09-14T22:30:00Z is not on the hour; give one row for each whole hour");
    CHECK_THAT(error_of("", "s.csv"), Catch::StartsWith("s.csv:1: no column \"utc_start\""));
}
