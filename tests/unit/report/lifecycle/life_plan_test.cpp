#include "common/report/lifecycle/life_plan.hpp"

#include <catch2/catch.hpp>

#include <limits>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::report;
using Catch::Matchers::Contains;

TEST_CASE("A rate has a unit, and is of a day")
{
    CHECK(predictions_per_day("1e6/day") == 1e6);
    CHECK(predictions_per_day("10/hour") == 240);
    CHECK(predictions_per_day("0.5/s") == 43200);
    for (const auto* wrong :
         {"", "1e6", "1e6/week", "0/day", "-1/day", "nan/day", "inf/day", "/day", "1 /day", "1e999/day"})
        CHECK_THROWS_WITH(predictions_per_day(wrong), Contains(wrong) && Contains("such as 1e6/day"));
    CHECK(predictions_per_day("1e15/day") == 1e15);
    for (const auto* wrong : {"1e300/day", "1e308/s", "1.1e15/day", "1e12/s"})
        CHECK_THROWS_WITH(predictions_per_day(wrong), Contains(wrong) && Contains("use up to 1e+15/day"));
}

TEST_CASE("A time between trainings has a unit, and is in days")
{
    CHECK(days_of("90d") == 90);
    CHECK(days_of("2w") == 14);
    CHECK(days_of("2y") == 730.5);
    for (const auto* wrong : {"", "90", "0d", "d", "90 d", "90days"}) CHECK_THROWS_AS(days_of(wrong), SpecError);
}

TEST_CASE("It is trained anew at each multiple of the interval before the end")
{
    LifePlan plan{.predictions_per_day = 1, .days = 10};
    CHECK(plan.retrainings() == 0);
    plan.retrain_every_days = 4;
    CHECK(plan.retrainings() == 2);  // at 4 and 8
    plan.retrain_every_days = 5;
    CHECK(plan.retrainings() == 1);  // none at the end
    plan.retrain_every_days = 10;
    CHECK(plan.retrainings() == 0);
    plan.retrain_every_days = 300;
    CHECK(plan.retrainings() == 0);
}

TEST_CASE("Of eight in nine that never come into use, eight stand behind each one that does")
{
    CHECK(LifePlan{.failed_share = 0.5}.failed_for_each() == 1);
    CHECK(LifePlan{.failed_share = 8.0 / 9}.failed_for_each() == Approx(8));
    CHECK(LifePlan{}.failed_for_each() == 0);
}

TEST_CASE("A plan refuses what is none, and names the option")
{
    const auto refusal = [](LifePlan plan, const char* option) { CHECK_THROWS_WITH(check(plan), Contains(option)); };
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_NOTHROW(check(LifePlan{}));
    for (const double wrong : {0.0, -1.0, 1e16, nan}) refusal({.predictions_per_day = wrong}, "--predictions");
    for (const double wrong : {0.0, -1.0, 40000.0, nan}) refusal({.days = wrong}, "--years");
    // One in all is the least.
    CHECK_NOTHROW(check({.predictions_per_day = 0.25, .days = 4}));
    CHECK_THROWS_WITH(check({.predictions_per_day = 0.25, .days = 3}),
                      Contains("--predictions: 0.25 a day are only 0.750 in "));
    refusal({.predictions_per_day = 5e-324}, "--predictions");
    for (const double wrong : {-0.1, 1.0, nan}) refusal({.failed_share = wrong}, "--failed-share: ");
    for (const double wrong : {0.001, nan}) refusal({.retrain_every_days = wrong}, "--retrain-every");
}
