#include "common/carbon/grid/best_start.hpp"

#include <cstddef>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/text/utc_time.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using namespace std::chrono_literals;

namespace {

std::chrono::sys_seconds utc(std::string_view text) { return text::parse_utc(text).value(); }

/// From midnight on, so many hours at 300 but for those given.
HourlySeries series(int hours, const std::vector<std::pair<int, double>>& others)
{
    std::vector<GramsPerKilowattHour> values(static_cast<std::size_t>(hours), GramsPerKilowattHour{300});
    for (const auto& [hour, grams] : others) values.at(static_cast<std::size_t>(hour)) = GramsPerKilowattHour{grams};
    return {utc("2020-09-14T00:00Z"), values};
}

}  // namespace

TEST_CASE("The best of the next 24 hours has the least mean over the whole duration")
{
    // A dip to 60 alone in hour 5 loses against hours 10 and 11 at 120 each: (60 + 300) / 2 = 180 against 120.
    const auto found = best_start(series(48, {{5, 60}, {10, 120}, {11, 120}, {20, 500}}), utc("2020-09-14T00:00Z"), 2h);
    CHECK(found.now.time == utc("2020-09-14T00:00Z"));
    CHECK(found.now.mean.count() == Approx(300));
    CHECK(found.best.time == utc("2020-09-14T10:00Z"));
    CHECK(found.best.mean.count() == Approx(120));
    CHECK(found.worst.time == utc("2020-09-14T19:00Z"));
    CHECK(found.worst.mean.count() == Approx(400));
    CHECK(found.compared == 24);
    CHECK(found.saved() == Approx(0.6));
}

TEST_CASE("Starts are compared from the time given, on the hour, for 24 hours and no longer")
{
    // Hour 24 is the best, but 24 hours after midnight; from half past midnight it is within.
    const auto dip = series(48, {{24, 1}});
    CHECK(best_start(dip, utc("2020-09-14T00:00Z"), 1h).best.time == utc("2020-09-14T00:00Z"));
    const auto later = best_start(dip, utc("2020-09-14T00:30Z"), 1h);
    CHECK(later.now.time == utc("2020-09-14T00:30Z"));
    CHECK(later.best.time == utc("2020-09-15T00:00Z"));
    CHECK(later.compared == 25);
}

TEST_CASE("A start that would outlast the series is not compared")
{
    CHECK(best_start(series(6, {{5, 1}}), utc("2020-09-14T00:00Z"), 2h).compared == 5);
    CHECK_THROWS_AS(best_start(series(6, {}), utc("2020-09-14T00:00Z"), 7h), SpecError);
}

TEST_CASE("Where waiting doesn't help, nothing is saved")
{
    CHECK(best_start(series(24, {}), utc("2020-09-14T00:00Z"), 1h).saved() == 0);
    CHECK(best_start(series(1, {{0, 0}}), utc("2020-09-14T00:00Z"), 1h).saved() == 0);
}
