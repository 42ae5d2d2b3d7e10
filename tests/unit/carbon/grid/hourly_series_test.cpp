#include "common/carbon/grid/hourly_series.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/text/utc_time.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using namespace std::chrono_literals;

namespace {

std::chrono::sys_seconds utc(std::string_view text) { return text::parse_utc(text).value(); }

HourlySeries series()
{
    return {utc("2020-09-14T22:00Z"),
            {GramsPerKilowattHour{100}, GramsPerKilowattHour{200}, GramsPerKilowattHour{400}}};
}

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
