#include "coordinator/selection/oort_score.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace fedgram;
using namespace fedgram::coordinator;

// By hand, of the rule in SymbioticLab/Oort, oort/oort.py: samples with the losses 1, 2, 2, and with four times 0.5.
TEST_CASE("Oort's utility is the sample count times the root of the mean squared loss", "[coordinator]")
{
    CHECK(oort_utility(3, std::sqrt((1.0 + 4 + 4) / 3)) == Approx(5.196152422706632).epsilon(1e-15));
    CHECK(oort_utility(4, 0.5) == 2);
    // What an update says is the mean, which is no more.
    CHECK(oort_utility(3, (1.0 + 2 + 2) / 3) == Approx(5));
}

TEST_CASE("Oort's score is the scaled utility and the staleness, times the speed", "[coordinator]")
{
    // Round 10, T = 10 s. A delivered last in round 8 and takes 30 s; B in round 3, and 5 s.
    const double a = oort_utility(3, std::sqrt(3.0));
    const double b = oort_utility(4, 0.5);
    const UtilityScale scale{{static_cast<float>(a), static_cast<float>(b)}, 0.98};
    CHECK(scale(a) + oort_staleness(10, 8) == Approx(1.1696535).epsilon(1e-7));
    const auto speed = [](double seconds) { return oort_speed_factor(Seconds{seconds}, Seconds{10}, 2); };
    CHECK(speed(30) == Approx(1.0 / 9));
    CHECK(speed(10) == 1);
    CHECK(speed(5) == 1);
    CHECK((scale(a) + oort_staleness(10, 8)) * speed(30) == Approx(0.1299615).epsilon(1e-6));
    CHECK((scale(b) + oort_staleness(10, 3)) * speed(5) == Approx(0.2776684).epsilon(1e-6));
    // The paper's form has no scale.
    CHECK((a + oort_staleness(10, 8)) * speed(30) == Approx(0.5962007).epsilon(1e-6));
    CHECK((b + oort_staleness(10, 3)) * speed(5) == Approx(2.2770430).epsilon(1e-6));
}

TEST_CASE("Utilities above a quantile count as it, and those that are 0 make no scale", "[coordinator]")
{
    // Of 1 to 10 the place floor(10 x 0.5) = 5 holds 6; scaled by 10 - 0.999.
    const UtilityScale half{{10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0}, 0.5};
    CHECK(half(10) == Approx((6 - 0.999) / 9.001));
    CHECK(half(6) == half(10));
    CHECK(half(5) == Approx((5 - 0.999) / 9.001));
    CHECK(half(0) < 0);
    const UtilityScale whole{{3, 1, 2}, 1};
    CHECK(whole(3) == Approx(1));
    CHECK(UtilityScale{{2, 2}, 0.98}(2) == Approx(1));  // the range is 0.002, not 0
    CHECK(UtilityScale{{0, 0}, 0.98}(0) == 0);
    CHECK(UtilityScale{{}, 0.98}(7) == 7);
}

TEST_CASE("Nothing is stale in the first round", "[coordinator]") { CHECK(oort_staleness(1, 1) == 0); }
