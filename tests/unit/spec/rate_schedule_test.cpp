#include "common/spec/rate_schedule.hpp"

#include <cmath>

#include <catch2/catch.hpp>

using namespace fedgram::spec;

TEST_CASE("a rate warms up to all of it in the last of its warm-up rounds", "[spec]")
{
    const RateSchedule schedule{.warmup_rounds = 4};
    CHECK(schedule_factor(schedule, 1, 100) == 0.25);
    CHECK(schedule_factor(schedule, 4, 100) == 1);
    CHECK(schedule_factor(schedule, 5, 100) == 1);
    CHECK(schedule_factor({}, 1, 100) == 1);
}

TEST_CASE("a rate falls by steps, along a cosine or a line, behind its warm-up", "[spec]")
{
    const RateSchedule step{.kind = RateScheduleKind::step, .warmup_rounds = 1, .every = 2, .factor = 0.5};
    CHECK(schedule_factor(step, 3, 9) == 1);
    CHECK(schedule_factor(step, 4, 9) == 0.5);
    CHECK(schedule_factor(step, 6, 9) == 0.25);

    const RateSchedule linear{.kind = RateScheduleKind::linear, .final = 0.2};
    CHECK(schedule_factor(linear, 1, 4) == 1);
    CHECK(schedule_factor(linear, 3, 4) == Approx(0.6));
    CHECK(schedule_factor(linear, 5, 4) == Approx(0.2));

    // Half-way it is the mean of both ends; a quarter of the way (1 + cos(pi / 4)) / 2.
    const RateSchedule cosine{.kind = RateScheduleKind::cosine, .rounds = 8};
    CHECK(schedule_factor(cosine, 3, 100) == Approx((1 + std::sqrt(0.5)) / 2));
    CHECK(schedule_factor(cosine, 5, 100) == Approx(0.5));
    CHECK(schedule_factor(cosine, 9, 100) == Approx(0).margin(1e-15));
    CHECK(schedule_factor(cosine, 90, 100) == Approx(0).margin(1e-15));
}
