#include "common/privacy/poisson_cohort.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <catch2/catch.hpp>

using namespace fedgram;
using privacy::poisson_cohort;

// The draws of an independent transcription to Python.
TEST_CASE("A seed means the same cohorts for ever, ascending, whatever was drawn before", "[privacy]")
{
    const auto third = poisson_cohort(7, 3, 40, 0.2);
    CHECK(third == std::vector<std::uint32_t>{3, 9, 23, 24, 25, 26, 28, 29, 34});
    static_cast<void>(poisson_cohort(7, 4, 40, 0.2));
    CHECK(poisson_cohort(7, 3, 40, 0.2) == third);
    CHECK(poisson_cohort(7, 4, 40, 0.2) != third);
    CHECK(poisson_cohort(8, 3, 40, 0.2) != third);
    CHECK(std::ranges::is_sorted(third));
}

TEST_CASE("A node's coin is the same however many nodes come after it", "[privacy]")
{
    const auto few = poisson_cohort(1, 1, 100, 0.3);
    auto many = poisson_cohort(1, 1, 1000, 0.3);
    many.erase(std::ranges::lower_bound(many, 100u), many.end());
    CHECK(many == few);
}

TEST_CASE("Cohorts have the size and the spread of independent coins, and each node its share", "[privacy]")
{
    constexpr int rounds = 4000;
    constexpr std::uint32_t nodes = 50;
    constexpr double q = 0.1;
    double sum = 0;
    double squares = 0;
    int empty = 0;
    std::vector<int> of_node(nodes);
    for (std::uint32_t round = 0; round < rounds; ++round) {
        const auto cohort = poisson_cohort(2, round, nodes, q);
        const auto size = static_cast<double>(cohort.size());
        sum += size;
        squares += size * size;
        empty += cohort.empty();
        for (const auto node : cohort) ++of_node[node];
    }
    // By hand: mean 5, variance 50 x 0.1 x 0.9 = 4.5, nobody 0.9^50 = 0.00515 of the time: 20.6 rounds.
    const double mean = sum / rounds;
    CHECK(mean == Approx(5).margin(4 * std::sqrt(4.5 / rounds)));
    CHECK(squares / rounds - mean * mean == Approx(4.5).margin(4 * 4.5 * std::sqrt(2.0 / rounds)));
    CHECK(empty == Approx(20.6).margin(4 * std::sqrt(20.6)));
    for (const int times : of_node) CHECK(times == Approx(400).margin(4 * std::sqrt(360.0)));
}

TEST_CASE("Of a million nodes as many take part as were asked for, and all or none at the ends", "[privacy]")
{
    CHECK(poisson_cohort(3, 1, 1'000'000, 1e-3).size() == Approx(1000).margin(4 * std::sqrt(1000.0)));
    std::vector<std::uint32_t> all(20);
    std::iota(all.begin(), all.end(), 0u);
    CHECK(poisson_cohort(3, 1, 20, 1) == all);
    CHECK(poisson_cohort(3, 1, 20, 0).empty());
    CHECK(poisson_cohort(3, 1, 0, 0.5).empty());
}
