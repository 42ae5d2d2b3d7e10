#include "common/carbon/grid/hourly_formats/hour_means.hpp"

#include <utility>
#include <vector>

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::carbon;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::sys_seconds midnight{std::chrono::sys_days{std::chrono::year{2024} / 5 / 1}};

using Origin = HourMeans::Origin;

}  // namespace

TEST_CASE("An hour is the mean of its stretches by the time that each takes")
{
    HourMeans means;
    // By hand: 100 x 20/60 + 400 x 40/60 = 300; then 20 minutes more of the 400 and 40 of 40: 133.33 + 26.67 = 160.
    means.add(midnight, 20min, GramsPerKilowattHour{100}, Origin::measured);
    means.add(midnight + 20min, 60min, GramsPerKilowattHour{400}, Origin::filled);
    means.add(midnight + 80min, 40min, GramsPerKilowattHour{40}, Origin::forecast);
    const auto made = std::move(means).finish();
    REQUIRE(made);
    CHECK(made->hours.begin() == midnight);
    REQUIRE(made->hours.values().size() == 2);
    CHECK(made->hours.values()[0].count() == Approx(300));
    CHECK(made->hours.values()[1].count() == Approx(160));
    CHECK(made->origins == HourOrigins{{midnight, midnight + 1h}, {midnight + 1h}, 0min});
}

TEST_CASE("A value that takes a whole hour is its hour's mean to the last bit")
{
    for (const double grams : {314.07, 0.1, 1e6 / 3}) {
        HourMeans means;
        means.add(midnight, 1h, GramsPerKilowattHour{grams}, Origin::measured);
        CHECK(std::move(means).finish()->hours.values().front().count() == grams);
    }
}

TEST_CASE("A first and a last hour that aren't whole are left out, and where no other is there is no series")
{
    HourMeans means;
    for (int quarter = 0; quarter < 8; ++quarter)
        means.add(midnight - 30min + quarter * 15min, 15min, GramsPerKilowattHour{100.0 + quarter}, Origin::measured);
    // From 23:30 to 01:30: the hour from midnight has the quarters 2 to 5.
    const auto made = std::move(means).finish();
    REQUIRE(made);
    CHECK(made->hours.begin() == midnight);
    REQUIRE(made->hours.values().size() == 1);
    CHECK(made->hours.values().front().count() == 103.5);
    CHECK(made->origins == HourOrigins{{}, {}, 60min});
    HourMeans half;
    half.add(midnight, 30min, GramsPerKilowattHour{100}, Origin::measured);
    CHECK_FALSE(std::move(half).finish());
    CHECK_FALSE(HourMeans{}.finish());
}
