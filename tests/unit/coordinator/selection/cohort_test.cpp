#include "coordinator/selection/cohort.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

using fedgram::coordinator::draw_cohort;

TEST_CASE("A cohort has the asked size, each node once, in ascending order", "[coordinator]")
{
    const auto cohort = draw_cohort(1, 3, 100, 30);
    CHECK(cohort.size() == 30);
    CHECK(std::adjacent_find(cohort.begin(), cohort.end(), std::greater_equal<>{}) == cohort.end());
    CHECK(cohort.back() < 100);
}

TEST_CASE("A cohort depends on seed and round alone", "[coordinator]")
{
    CHECK(draw_cohort(1, 3, 100, 30) == draw_cohort(1, 3, 100, 30));
    CHECK(draw_cohort(1, 3, 100, 30) != draw_cohort(1, 4, 100, 30));
    CHECK(draw_cohort(1, 3, 100, 30) != draw_cohort(2, 3, 100, 30));
}

TEST_CASE("Over many rounds each node takes part equally often", "[coordinator]")
{
    std::map<std::uint32_t, int> turns;
    for (std::uint32_t round = 1; round <= 4000; ++round)
        for (const auto node : draw_cohort(7, round, 10, 5)) ++turns[node];
    // Binomial(4000, 1/2): mean 2000, standard deviation 31.6; five of them on either side.
    for (std::uint32_t node = 0; node < 10; ++node) CHECK(std::abs(turns[node] - 2000) < 158);
}
