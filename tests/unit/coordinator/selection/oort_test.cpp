#include "coordinator/selection/oort.hpp"

#include <algorithm>
#include <cmath>

#include "coordinator/selection/oort_score.hpp"
#include "tests/unit/coordinator/selection/fake_nodes.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;
using Nodes = std::vector<std::uint32_t>;

TEST_CASE("The share that explores starts at 0.9 x 0.95, falls to 0.2, and is 0 once all are explored", "[coordinator]")
{
    const FakeNodes nodes{std::vector<FakeNode>(3)};
    Oort oort{{}, 1, nodes};
    CHECK(oort.explore_share() == Approx(0.855));
    oort.learn(delivered(1, {0}));
    CHECK(oort.explore_share() == Approx(0.81225));
    for (std::uint32_t round = 2; round < 60; ++round) oort.learn(delivered(round, {0, 1}));
    CHECK(oort.explore_share() == 0.2);
    oort.learn(delivered(60, {2}));
    CHECK(oort.explore_share() == 0);
}

TEST_CASE("Explored are the largest five times as many, by sample count", "[coordinator]")
{
    const auto nodes = nodes_with_samples({1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    const auto available = all_of(10);
    const auto times = times_drawn(10, [&](auto seed) {
        return cohort_of(Oort{{}, seed, nodes}.select({.available = available, .cohort_size = 1}));
    });
    // The share of 1 that exploits is none: all of the cohort is one of 6 to 10 samples, 40 together.
    check_frequencies(times, {0, 0, 0, 0, 0, 6 / 40.0, 7 / 40.0, 8 / 40.0, 9 / 40.0, 10 / 40.0});
}

TEST_CASE("Which of equals are explored is drawn by lot", "[coordinator]")
{
    const auto nodes = nodes_with_samples(std::vector<std::uint64_t>(20, 7));
    const auto available = all_of(20);
    const auto times = times_drawn(20, [&](auto seed) {
        return cohort_of(Oort{{}, seed, nodes}.select({.available = available, .cohort_size = 2}));
    });
    check_frequencies(times, std::vector<double>(20, 0.1));
}

TEST_CASE("A slow node is explored as seldom as its samples times the penalty", "[coordinator]")
{
    // T is the tenth percentile of 1, 1, 1 and 2 seconds, 1. Node 3 counts as 40 x (1 / 2)^2 = 10.
    const FakeNodes nodes{{{.samples = 10}, {.samples = 20}, {.samples = 10}, {.samples = 40, .seconds = 2}}};
    const auto available = all_of(4);
    const auto times = times_drawn(4, [&](auto seed) {
        return cohort_of(Oort{{}, seed, nodes}.select({.available = available, .cohort_size = 1}));
    });
    check_frequencies(times, {0.2, 0.4, 0.2, 0.2});
}

TEST_CASE("Exploited are nodes by their score, among those above the cut-off", "[coordinator]")
{
    const auto nodes = nodes_with_samples({100, 100, 100, 100});
    const auto available = all_of(4);
    RoundOutcome first{.round = 1};
    const std::vector<double> losses{1, 0.9, 0.62, 0.1};
    for (std::uint32_t node = 0; node < 4; ++node) first.nodes.push_back({node, Delivery{losses[node], Seconds{1}}});
    const auto times = times_drawn(4, [&](auto seed) {
        Oort oort{{}, seed, nodes};
        oort.learn(first);
        return cohort_of(oort.select({.round = 2, .available = available, .cohort_size = 1}));
    });
    // Utilities 100, 90, 62, 10 are scaled by (u - 9.99) / 90.01, and sqrt(0.1 ln 2 / 1) = 0.2632769 is
    // added: 1.2632769, 1.1521780, 0.8411020, 0.2633880. One is exploited, so the cut-off is 0.7 x the second,
    // 0.8065246: three are left.
    const double sum = 1.2632769 + 1.1521780 + 0.8411020;
    check_frequencies(times, {1.2632769 / sum, 1.1521780 / sum, 0.8411020 / sum, 0});
}

TEST_CASE("Of equal nodes the one that delivered longer ago is exploited more often", "[coordinator]")
{
    const auto nodes = nodes_with_samples({100, 100});
    const auto available = all_of(2);
    const auto times = times_drawn(2, [&](auto seed) {
        Oort oort{{}, seed, nodes};
        oort.learn(delivered(1, {0}));
        oort.learn(delivered(10, {1}));
        return cohort_of(oort.select({.round = 11, .available = available, .cohort_size = 1}));
    });
    // 1 + sqrt(0.1 ln 11 / 1) = 1.4896831 beside 1 + sqrt(0.1 ln 11 / 10) = 1.1548514.
    const double sum = 1.4896831 + 1.1548514;
    check_frequencies(times, {1.4896831 / sum, 1.1548514 / sum});
}

TEST_CASE("A cohort is filled up where there is too little to explore and to exploit", "[coordinator]")
{
    const auto nodes = nodes_with_samples({1, 1, 1, 1, 1, 1});
    const Nodes available{0, 1, 2, 3};
    Oort oort{{}, 1, nodes};
    oort.learn(delivered(1, {0, 1, 2, 3}));
    // 4 x (1 - 0.81225) = 0.75: none is exploited, and what isn't explored yet, 4 and 5, isn't there.
    CHECK(cohort_of(oort.select({.round = 2, .available = available, .cohort_size = 4})) == available);
    CHECK(cohort_of(oort.select({.round = 2, .available = available, .cohort_size = 3})).size() == 3);
    CHECK(cohort_of(oort.select({.round = 2, .available = available, .cohort_size = 9})) == available);
    // All of a cohort is exploited, and all that there is: the authors' code looks behind the last score here.
    oort.learn(delivered(2, {4, 5}));
    CHECK(cohort_of(oort.select({.round = 3, .available = available, .cohort_size = 4})) == available);
}

TEST_CASE("A node that was lost stays unexplored, and one that was explored keeps what is known of it", "[coordinator]")
{
    const auto nodes = nodes_with_samples({1, 1, 1});
    const Nodes available{0, 1};
    Oort oort{{.explore = 1, .explore_decay = 1}, 1, nodes};
    oort.learn({.round = 1, .nodes = {{0, Delivery{1, Seconds{1}}}, {1, {}}}});
    // All of the cohort explores.
    for (std::uint32_t round = 2; round < 50; ++round)
        CHECK(cohort_of(oort.select({.round = round, .available = available, .cohort_size = 1})) == Nodes{1});
    learning::StateWriter before;
    oort.write(before);
    oort.learn({.round = 2, .nodes = {{0, {}}}});
    learning::StateWriter after;
    oort.write(after);
    // Of a round that brought nothing, only the pacer's mean of nobody, 0, is added.
    CHECK(after.take().size() == before.take().size() + sizeof(double));
}

TEST_CASE("The pacer lets slower nodes in where the utility is flat, and keeps them out where it jumps",
          "[coordinator]")
{
    const auto nodes = nodes_with_samples({1, 1});
    Oort oort{{.pacer_step = 2}, 1, nodes};
    std::uint32_t round = 0;
    const auto learn = [&](double loss) { oort.learn(delivered(++round, {0}, loss)); };
    learn(1);  // explored: no utility of an explored node yet
    learn(1);
    learn(1);
    learn(1);
    CHECK(oort.percentile() == 10);  // 0 + 1 and then 1 + 1: neither within 10 % nor fivefold
    learn(1);
    CHECK(oort.percentile() == 10);
    learn(1);
    CHECK(oort.percentile() == 15);  // 1 + 1 twice
    learn(6);
    learn(6);
    CHECK(oort.percentile() == 10);  // from 2 to 12
    for (int i = 0; i < 200; ++i) learn(6);
    CHECK(oort.percentile() == 100);
}

TEST_CASE("At the hundredth percentile no node is too slow", "[coordinator]")
{
    const FakeNodes nodes{{{.samples = 1}, {.samples = 1, .seconds = 1000}}};
    const auto available = all_of(2);
    check_frequencies(times_drawn(2,
                                  [&](auto seed) {
                                      const Oort oort{{.start_percentile = 100}, seed, nodes};
                                      return cohort_of(oort.select({.available = available, .cohort_size = 1}));
                                  }),
                      {0.5, 0.5});
}
