#include "common/carbon/grid/hourly_formats/hourly_clock.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/text/utc_time.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using namespace std::chrono_literals;

namespace {

std::string utc(const HourlyClock& clock, std::string_view text)
{
    return text::utc_text(clock.read(text, "a.csv:2").utc);
}

}  // namespace

TEST_CASE("A time with a zone is converted to UTC")
{
    const HourlyClock clock{"time", std::nullopt};
    CHECK(utc(clock, "2020-09-14T06:00:00Z") == "2020-09-14T06:00:00Z");
    CHECK(utc(clock, "2020-09-14 08:00+02:00") == "2020-09-14T06:00:00Z");
    CHECK(utc(clock, "2020-09-13T22:00:00-08:00") == "2020-09-14T06:00:00Z");
    CHECK(clock.read("2020-09-14 08:00+02:00", "").ahead == 120min);
    CHECK(clock.read("2020-09-14 08:00+02:00", "").names_zone);
}

TEST_CASE("A time without a zone is UTC where its column says so, or of the zone that is stated")
{
    CHECK(utc({"Datetime (UTC)", std::nullopt}, "2020-09-14 06:00:00") == "2020-09-14T06:00:00Z");
    CHECK(utc({"utc_start", std::nullopt}, "2020-09-14T06:00") == "2020-09-14T06:00:00Z");
    CHECK(utc({"Time [GMT]", std::nullopt}, "2020-09-14T06:00") == "2020-09-14T06:00:00Z");
    const HourlyClock berlin{"time", 60min};
    CHECK(utc(berlin, "2020-09-14T06:00") == "2020-09-14T05:00:00Z");
    CHECK_FALSE(berlin.read("2020-09-14T06:00", "").names_zone);
    CHECK(HourlyClock{"utc_start", std::nullopt}.read("2020-09-14T06:00", "").names_zone);
    CHECK_THROWS_WITH(utc({"Butch", std::nullopt}, "2020-09-14 06:00"),
                      "a.csv:2: Butch: \"2020-09-14 06:00\" names no time zone; say which by --time-zone UTC, or an "
                      "offset such as --time-zone +01:00 (time_zone)");
}

TEST_CASE("A zone that is stated twice, and a text that is no time, are refused")
{
    const HourlyClock stated{"time", 60min};
    CHECK_THROWS_WITH(utc(stated, "2020-09-14T06:00:00Z"),
                      "a.csv:2: time: \"2020-09-14T06:00:00Z\" names its time zone itself; leave --time-zone "
                      "(time_zone) out");
    CHECK_THROWS_AS((HourlyClock{"Datetime (UTC)", 60min}), SpecError);
    CHECK_THROWS_WITH(utc({"utc_start", std::nullopt}, "0020-09-14T06:00:00Z"),
                      "a.csv:2: utc_start: \"0020-09-14T06:00:00Z\" is no time of the years 1900 to 2200");
    CHECK_THROWS_WITH(utc({"utc_start", std::nullopt}, "14.9.2020"),
                      "a.csv:2: utc_start: \"14.9.2020\" is no time; write it as 2020-09-14T06:00:00Z");
}
