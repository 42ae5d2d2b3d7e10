#include "common/carbon/grid/hourly_intensity.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/text/utc_time.hpp"

using namespace fedgram;
using namespace fedgram::carbon;

namespace {

HourlySeries series(std::initializer_list<double> values)
{
    std::vector<GramsPerKilowattHour> hours;
    for (const auto value : values) hours.emplace_back(value);
    return {*text::parse_utc("2024-05-01T06:00:00Z"), std::move(hours)};
}

}  // namespace

TEST_CASE("Each interval's energy is drawn evenly over its seconds, and weighs its hours")
{
    // Half an hour at 2 W, then an hour and a half at 1.333 W: 3600 + 2400 J in the first hour, 4800 J in the second.
    const LoadInterval load[] = {{Seconds{1800}, Joules{3600}}, {Seconds{5400}, Joules{7200}}};
    const auto drawn = energy_by_hour(load);
    REQUIRE(drawn.size() == 2);
    CHECK(drawn[0].count() == Approx(6000));
    CHECK(drawn[1].count() == Approx(4800));
    // (6000 x 100 + 4800 x 400) / 10800.
    CHECK(hourly_intensity(series({100, 400, 7}), load).count() == Approx(2'520'000 / 10'800.0));
}

TEST_CASE("An interval may span several hours, and end on one")
{
    const LoadInterval load[] = {{Seconds{3600}, Joules{10}}, {Seconds{7200}, Joules{40}}};
    const auto drawn = energy_by_hour(load);
    REQUIRE(drawn.size() == 3);
    for (std::size_t hour = 0; hour < 3; ++hour) CHECK(drawn[hour].count() == Approx(hour == 0 ? 10 : 20));
}

TEST_CASE("A series that doesn't change is its own mean")
{
    const LoadInterval load[] = {{Seconds{1234}, Joules{5}}, {Seconds{0}, Joules{0}}, {Seconds{5000}, Joules{17}}};
    CHECK(hourly_intensity(series({250, 250}), load).count() == Approx(250).epsilon(1e-12));
}

TEST_CASE("Where nothing is drawn, the first hour stands")
{
    CHECK(hourly_intensity(series({100, 400}), {}) == GramsPerKilowattHour{100});
}

TEST_CASE("A load that outlasts its series is refused with the hours that are needed and there")
{
    const LoadInterval load[] = {{Seconds{7201}, Joules{1}}};
    CHECK_THROWS_WITH(
        hourly_intensity(series({100, 400}), load),
        "the series has 2 h from 2024-05-01T06:00:00Z on and the training needs 3; start earlier, or give "
        "a longer series");
    CHECK_THROWS_AS(hourly_intensity(series({100, 400}), load), SpecError);
}
