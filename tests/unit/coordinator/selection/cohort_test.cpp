#include "coordinator/selection/cohort.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <numeric>

#include "common/random/stream.hpp"

using fedgram::coordinator::draw_cohort;
using fedgram::coordinator::shuffled_nodes;

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

TEST_CASE("A cohort of all nodes' is the front of their shuffle, as it has always been", "[coordinator]")
{
    for (const std::uint32_t size : {1u, 30u, 99u}) {
        std::vector<std::uint32_t> expected(100);
        std::iota(expected.begin(), expected.end(), 0u);
        fedgram::Stream{7, fedgram::Purpose::cohort, 3}.shuffle(std::span{expected});
        CHECK(std::equal(expected.begin(), expected.end(), shuffled_nodes(7, 3, draw_cohort(7, 3, 100, 100)).begin()));
        expected.resize(size);
        std::ranges::sort(expected);
        CHECK(draw_cohort(7, 3, 100, size) == expected);
        CHECK(draw_cohort(7, 3, draw_cohort(7, 3, 100, 100), size) == expected);
    }
}

TEST_CASE("A cohort of some nodes is drawn from them by place, or is all of them", "[coordinator]")
{
    const std::vector<std::uint32_t> some{2, 3, 5, 7, 11, 13};
    std::vector<std::uint32_t> expected;
    for (const auto place : draw_cohort(1, 4, 6, 3)) expected.push_back(some[place]);
    CHECK(draw_cohort(1, 4, some, 3) == expected);
    CHECK(draw_cohort(1, 4, some, 6) == some);
    CHECK(draw_cohort(1, 4, some, 9) == some);
}
