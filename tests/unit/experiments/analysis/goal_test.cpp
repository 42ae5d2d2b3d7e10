#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "experiments/analysis/goal.hpp"

using namespace fedgram;
using namespace fedgram::experiments::analysis;

namespace {

Measurement of(double throughput, double p99 = 10)
{
    return {.throughput_per_s = throughput, .latency = {.requests = 1000, .p99_ms = p99}, .memory_bytes = 1e9};
}

}  // namespace

TEST_CASE("A bound itself is kept", "[analysis]")
{
    const Goal goal{.constraints = {{Metric::throughput, 50}, {Metric::p99, 30}}};
    CHECK(keeps(goal, of(50, 30)));
    CHECK_FALSE(keeps(goal, of(std::nextafter(50.0, 0.0), 30)));
    CHECK_FALSE(keeps(goal, of(50, std::nextafter(30.0, 31.0))));
}

TEST_CASE("Violation is the sum of relative excess", "[analysis]")
{
    // By hand: (50 - 40) / 50 + (45 - 30) / 30 = 0.2 + 0.5; memory is kept.
    const Goal goal{.constraints = {{Metric::throughput, 50}, {Metric::p99, 30}, {Metric::memory, 2e9}}};
    CHECK(violation(goal, of(40, 45)) == Approx(0.7));
    CHECK(violation(goal, of(60, 20)) == 0);
}

TEST_CASE("What isn't known, or doesn't count, keeps no constraint", "[analysis]")
{
    const Goal joules{.constraints = {{Metric::joules, 20}}};
    CHECK(std::isinf(violation(joules, of(100))));
    auto unstable = of(100);
    unstable.stable = false;
    CHECK_FALSE(keeps({}, unstable));
    CHECK_FALSE(keeps({}, Measurement{.failure = "memory"}));
    CHECK(keeps({}, of(100)));
}

TEST_CASE("The score is the difference over the mean, whichever way is up", "[analysis]")
{
    // By hand: (150 - 100) / 125 = 0.4, and (10 - 30) / 20 = -1.
    CHECK(score({}, of(150), of(100)) == Approx(0.4));
    CHECK(score({}, of(100), of(150)) == Approx(-0.4));
    const Goal fast{.objectives = {{Metric::p99}}};
    CHECK(score(fast, of(1, 30), of(1, 10)) == Approx(-1));
    CHECK(score(fast, of(1, 0), of(1, 10)) == Approx(2));
    CHECK(score(fast, of(1, 0), of(1, 0)) == 0);
}

TEST_CASE("Weights are shares of their sum", "[analysis]")
{
    // By hand: (3 x 0.4 + 1 x -1) / 4 = 0.05.
    const Goal both{.objectives = {{Metric::throughput, 3}, {Metric::p99, 1}}};
    CHECK(score(both, of(150, 30), of(100, 10)) == Approx(0.05));
    // By hand: (3 x 50 % + 1 x -200 %) / 4 = -12.5 %.
    CHECK(*percent_better(both, of(150, 30), of(100, 10)) == Approx(-12.5));
}

TEST_CASE("What isn't known is worse than anything known", "[analysis]")
{
    const Goal green{.objectives = {{Metric::joules}}};
    auto known = of(1);
    known.joules_per_1000 = 1e9;
    CHECK(score(green, of(1), known) == -2);
    CHECK(score(green, known, of(1)) == 2);
    CHECK(score(green, of(1), of(1)) == 0);
    CHECK_FALSE(percent_better(green, known, of(1)));
}

TEST_CASE("A gain is less violation where none keeps the constraints, and the score where both do", "[analysis]")
{
    const Goal goal{.constraints = {{Metric::p99, 10}}};
    CHECK(gain(goal, of(150, 10), of(100, 10)) == Approx(0.4));
    // By hand: violations 1 and 3, so (3 - 1) / 2.
    CHECK(gain(goal, of(1, 20), of(100, 40)) == Approx(1));
    CHECK(gain(goal, of(1, 10), of(100, 40)) == 2);
    CHECK(gain(goal, of(100, 40), of(1, 10)) == -2);
    CHECK(gain(goal, of(1, 20), Measurement{.failure = "memory"}) == 2);
    CHECK(gain(goal, Measurement{.failure = "memory"}, of(1, 20)) == -2);
}

TEST_CASE("A goal that isn't valid is refused by name", "[analysis]")
{
    CHECK_THROWS_WITH(check(Goal{.constraints = {{Metric::p99, 0}}}),
                      "constraint p99 latency: 0 is not valid; use a number above 0");
    CHECK_THROWS_AS(check(Goal{.constraints = {{Metric::p99, std::numeric_limits<double>::quiet_NaN()}}}), SpecError);
    for (const double weight : {-1.0, 0.0, 1e-7, 1e7, 1e300, std::numeric_limits<double>::quiet_NaN()})
        CHECK_THROWS_AS(check(Goal{.objectives = {{Metric::memory, weight}}}), SpecError);
    CHECK_THROWS_WITH(check(Goal{.objectives = {{Metric::memory, -1}}}),
                      "objective memory: -1 is not valid; use a weight from 1e-06 to 1e+06");
    CHECK_NOTHROW(check(Goal{.objectives = {{Metric::memory, 1e-6}, {Metric::p99, 1e6}}}));
    CHECK_THROWS_WITH(check(Goal{.constraints = {{Metric::p99, 1}, {Metric::p99, 2}}}),
                      "constraint p99 latency: it is there twice; give it once");
    CHECK_THROWS_WITH(check(Goal{.objectives = {}}), "objective: there is none; give at least one, such as throughput");
    CHECK_NOTHROW(check(Goal{}));
}
