#include "common/statistics/paired_comparison.hpp"

#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

using namespace fedgram::statistics;

// By hand: differences 1, 2, 3: mean 2, deviation 1, t 4.303.
TEST_CASE("Differences of pairs have a mean and an interval")
{
    const auto result = paired_comparison(std::vector<ObservedPair>{{{10}, {11}}, {{20}, {22}}, {{5}, {8}}});
    CHECK(result.more == 3);
    CHECK(result.mean_difference == Approx(2));
    CHECK(result.interval->low == Approx(2 - 4.303 / std::sqrt(3.0)).margin(0.001));
    CHECK_FALSE(result.is_told_apart());  // -0.48 to 4.48
    CHECK(result.sign_test == Approx(0.25));
}

// The exact two-sided sign test: 2 (1 + 8) / 2^8.
TEST_CASE("The sign test counts who takes more")
{
    std::vector<ObservedPair> pairs(7, {{1}, {2}});
    pairs.push_back({{2}, {1}});
    CHECK(paired_comparison(pairs).sign_test == Approx(2.0 * 9 / 256));
    CHECK_FALSE(paired_comparison(std::vector<ObservedPair>{{{1}, {1}}}).sign_test);
    CHECK(paired_comparison(std::vector<ObservedPair>{{{1}, {2}}, {{2}, {1}}}).sign_test == 1.0);
}

TEST_CASE("A run that hasn't reached decides a pair only where it has gone beyond the other one")
{
    const auto of = [](Observation first, Observation second) {
        return paired_comparison(std::vector<ObservedPair>{{first, second}});
    };
    CHECK(of({3}, {4, false}).more == 1);
    CHECK(of({5}, {4, false}).unknown == 1);
    CHECK(of({4, false}, {3}).less == 1);
    CHECK(of({4, false}, {9, false}).unknown == 1);
    CHECK_FALSE(of({3}, {4, false}).mean_difference);
}
