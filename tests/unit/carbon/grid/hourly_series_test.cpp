#include "common/carbon/grid/hourly_series.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/text/utc_time.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using namespace std::chrono_literals;

namespace {

const std::string heading = "utc_start,gco2e_per_kwh\n";

HourlySeries series()
{
    return HourlySeries::parse_csv(heading +
                                       "2020-09-14T22:00:00Z,100\r\n"
                                       "2020-09-14T23:00:00Z,200\n"
                                       "2020-09-15T00:00:00Z,400",
                                   "s.csv");
}

std::chrono::sys_seconds utc(std::string_view text) { return text::parse_utc(text).value(); }

}  // namespace

TEST_CASE("An hour's intensity holds until the next hour")
{
    CHECK(series().begin() == utc("2020-09-14T22:00Z"));
    CHECK(series().end() == utc("2020-09-15T01:00Z"));
    CHECK(series().at(utc("2020-09-14T22:00Z")) == GramsPerKilowattHour{100});
    CHECK(series().at(utc("2020-09-14T23:59:59Z")) == GramsPerKilowattHour{200});
    CHECK(series().at(utc("2020-09-15T00:00Z")) == GramsPerKilowattHour{400});
    CHECK_THROWS_WITH(series().at(utc("2020-09-15T01:00Z")),
                      "2020-09-15T01:00:00Z is outside the series; use a time from 2020-09-14T22:00:00Z to "
                      "2020-09-15T00:00:00Z");
    CHECK_THROWS_AS(series().at(utc("2020-09-14T21:59:59Z")), SpecError);
}

TEST_CASE("A mean weighs each hour by the time spent in it")
{
    // Half an hour at 100, a whole at 200, a half at 400: (50 + 200 + 200) / 2.
    CHECK(series().mean(utc("2020-09-14T22:30Z"), 2h).count() == Approx(225));
    // 15 minutes of one hour.
    CHECK(series().mean(utc("2020-09-14T23:40Z"), 15min).count() == Approx(200));
    // All three hours.
    CHECK(series().mean(utc("2020-09-14T22:00Z"), 3h).count() == Approx(700.0 / 3));
}

TEST_CASE("A mean beyond the series, or over no time, is refused")
{
    CHECK_THROWS_WITH(series().mean(utc("2020-09-14T23:00Z"), 3h),
                      "2020-09-14T23:00:00Z to 2020-09-15T02:00:00Z is not within the series, which goes from "
                      "2020-09-14T22:00:00Z to 2020-09-15T01:00:00Z; start elsewhere or take less time");
    CHECK_THROWS_WITH(series().mean(utc("2020-09-14T22:00Z"), 0s), "duration: not valid; use more than 0 hours");
}

TEST_CASE("A damaged series is an error with its line and the way out")
{
    const auto error_of = [](const std::string& rows) -> std::string {
        try {
            static_cast<void>(HourlySeries::parse_csv(heading + rows, "s.csv"));
        } catch (const DataError& error) {
            return error.what();
        }
        return "no error";
    };
    const std::string first = "2020-09-14T22:00:00Z,100\n";
    CHECK(error_of("") == "s.csv:1: no row follows the heading; add one for each hour");
    CHECK(error_of(first + "2020-09-15T01:00:00Z,100\n") ==
          "s.csv:3: gap of 2 h: after 2020-09-14T22:00:00Z comes 2020-09-15T01:00:00Z; add the row for "
          "2020-09-14T23:00:00Z");
    CHECK(error_of(first + first) ==
          "s.csv:3: 2020-09-14T22:00:00Z is there twice, here and in the line above; keep one of the two");
    CHECK(error_of(first + "2020-09-14T21:00:00Z,100\n") ==
          "s.csv:3: 2020-09-14T21:00:00Z comes after 2020-09-14T22:00:00Z; sort the rows by time");
    CHECK(error_of(first + "2020-09-14T23:00:00Z,nan\n") ==
          "s.csv:3: gco2e_per_kwh: \"nan\" is no number of at least 0");
    CHECK(error_of("2020-09-14T22:00:00Z,-1\n") == "s.csv:2: gco2e_per_kwh: \"-1\" is no number of at least 0");
    CHECK(error_of("14.9.2020,1\n") ==
          "s.csv:2: utc_start: \"14.9.2020\" is no time; write it as 2020-09-14T06:00:00Z");
    CHECK(error_of("2020-09-14T22:30:00Z,1\n") ==
          "s.csv:2: utc_start: 2020-09-14T22:30:00Z is not on the hour; give one row for each whole hour");
    CHECK_THROWS_WITH(HourlySeries::parse_csv("time,g\n", "s.csv"), "s.csv:1: no column \"utc_start\"");
}

TEST_CASE("An intensity that no grid can have is refused, as its sums would be beyond a number")
{
    CHECK_THROWS_WITH(HourlySeries::parse_csv("utc_start,gco2e_per_kwh\n2020-09-14T22:00:00Z,1e308\n", "a.csv"),
                      "a.csv:2: gco2e_per_kwh: 1e308 is not valid; use a number from 0 to 1000000");
    CHECK(HourlySeries::parse_csv("utc_start,gco2e_per_kwh\n2020-09-14T22:00:00Z,1e6\n", "a.csv").values().size() == 1);
}
