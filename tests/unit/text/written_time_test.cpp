#include "common/text/written_time.hpp"

#include <string>

#include <catch2/catch.hpp>

#include "common/text/utc_time.hpp"

using namespace fedgram::text;
using namespace std::chrono_literals;

TEST_CASE("A time is read with its zone, or without one")
{
    const auto half_past_six = parse_utc("2020-09-14T06:30:00Z").value();
    for (const std::string text : {"2020-09-14T06:30:00", "2020-09-14 06:30", " 2020/09/14 06:30:00.000 "}) {
        CAPTURE(text);
        const auto time = written_time(text);
        REQUIRE(time);
        CHECK(time->clock == half_past_six);
        CHECK(!time->ahead);
    }
    CHECK(written_time("2020-09-14T06:30Z")->ahead == 0min);
    CHECK(written_time("2020-09-14 06:30:00 UTC")->ahead == 0min);
    CHECK(written_time("2020-09-14T06:30:00.000+02:00")->ahead == 120min);
    CHECK(written_time("2020-09-14T06:30:00.000+02:00")->clock == half_past_six);
}

TEST_CASE("A text that is no time, or may be two, is none")
{
    for (const std::string text :
         {"", "2020-09-14", "14-09-2020 06:00", "09/14/2020 06:00", "2020-02-30 06:00", "2020-09-14T24:00",
          "2020-09-14T06:60", "2020-09-14T06:00:60", "2020-09-14T06:00:00.5Z", "2020-09-14T06:00:00.",
          "2020-09-14T06:00 CEST", "2020-09-14T06", "2020-09-14T06:00:00+2", "1600063200"}) {
        CAPTURE(text);
        CHECK(!written_time(text));
    }
}

TEST_CASE("A zone is an offset from UTC that some clock on Earth has")
{
    CHECK(utc_offset("Z") == 0min);
    CHECK(utc_offset("UTC") == 0min);
    CHECK(utc_offset("+05:30") == 330min);
    CHECK(utc_offset("-0330") == -210min);
    CHECK(utc_offset("-05") == -300min);
    CHECK(utc_offset("+14:00") == 840min);
    for (const std::string text :
         {"", "+", "CET", "Europe/Berlin", "+1", "+01:", "+01:5", "+01:60", "+14:01", "+01:00 "})
        CHECK(!utc_offset(text));
}
