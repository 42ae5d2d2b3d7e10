#include "common/text/utc_time.hpp"

#include <catch2/catch.hpp>

using namespace fedgram::text;

TEST_CASE("A time in UTC reads and writes the same")
{
    // 2020-09-14 is day 18,519 of the epoch: 50 years of 365 days, 12 leap days, 257 days into a leap year.
    const auto time = parse_utc("2020-09-14T06:30:05Z");
    REQUIRE(time);
    CHECK(time->time_since_epoch().count() == 18'519LL * 86'400 + 6 * 3'600 + 30 * 60 + 5);
    CHECK(utc_text(*time) == "2020-09-14T06:30:05Z");
    CHECK(utc_text(parse_utc("2020-02-29T23:00Z").value()) == "2020-02-29T23:00:00Z");
}

TEST_CASE("A text that is no time in UTC is none")
{
    for (const std::string text :
         {"", "2020-09-14", "2020-09-14T06:00:00", "2020-09-14 06:00:00Z", "2020-13-14T06:00:00Z",
          "2021-02-29T06:00:00Z", "2020-09-14T24:00:00Z", "2020-09-14T06:60:00Z", "2020-09-14T06:00:60Z",
          "2020-09-14T06:00:00+02:00", "202a-09-14T06:00:00Z", "2020-09-14T06:00:00Z "}) {
        CAPTURE(text);
        CHECK(!parse_utc(text));
    }
}
