#include "coordinator/selection/carbon_plan.hpp"

#include <cmath>
#include <set>

#include "common/error/error.hpp"
#include "common/random/stream.hpp"
#include "tests/unit/coordinator/selection/fake_nodes.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;
using NodeHours = std::set<std::pair<std::uint32_t, std::uint32_t>>;

namespace {

spec::Selection rule(double grams, std::uint32_t hours, spec::BeyondCap beyond = spec::BeyondCap::skip,
                     std::uint32_t final_rounds = 0)
{
    return {.policy = spec::SelectionKind::alpha_fair,
            .max_grams = grams,
            .beyond_cap = beyond,
            .window_hours = hours,
            .final_rounds = final_rounds};
}

NodeHours hours_of(const CarbonPlan& plan, std::uint32_t nodes, std::uint32_t hours)
{
    NodeHours all;
    for (std::uint32_t node = 0; node < nodes; ++node)
        for (std::uint32_t hour = 0; hour < hours; ++hour)
            if (plan.has(node, hour)) all.insert({node, hour});
    return all;
}

/// The greedy as it is defined, over all nodes and hours.
NodeHours greedy(const std::vector<std::vector<double>>& grams, const spec::Selection& rule)
{
    double dearest = 0;
    for (const auto& node : grams)
        for (const double g : node) dearest = std::max(dearest, g);
    NodeHours taken;
    std::vector<double> worth(grams.size());
    double left = rule.max_grams;
    for (;;) {
        double best = -1;
        std::pair<std::uint32_t, std::uint32_t> next;
        for (std::uint32_t i = 0; i < grams.size(); ++i)
            for (std::uint32_t t = 0; t < grams[i].size(); ++t) {
                if (taken.contains({i, t})) continue;
                if (rule.beyond_cap == spec::BeyondCap::skip && grams[i][t] > left) continue;
                const double gain =
                    (std::pow(worth[i] + dearest - grams[i][t], rule.alpha) - std::pow(worth[i], rule.alpha)) /
                    grams[i][t];
                if (gain > best) {
                    best = gain;
                    next = {i, t};
                }
            }
        if (best < 0 || grams[next.first][next.second] > left) return taken;
        taken.insert(next);
        left -= grams[next.first][next.second];
        worth[next.first] += dearest - grams[next.first][next.second];
    }
}

// GreenFL's constants: 300 W for an hour.
constexpr double greenfl_joules = 300 * 3600;
const FakeNodes::Grid two_places{{500, 200, 300}, {100, 80, 90}};

}  // namespace

TEST_CASE("The hours that gain most per gram are planned, one after the other", "[coordinator]")
{
    const FakeNodes nodes{{{.joules = greenfl_joules, .place = 0}, {.joules = greenfl_joules, .place = 1}}, two_places};
    // By hand, in the order in which they come: B 1 is 24 g, A 1 is 60, B 2 is 27 and B 0 is 30; then A 2 would be 90.
    const std::vector<std::pair<double, NodeHours>> budgets{{24, {{1, 1}}},
                                                            {24 + 60, {{1, 1}, {0, 1}}},
                                                            {24 + 60 + 27, {{1, 1}, {0, 1}, {1, 2}}},
                                                            {150, {{1, 1}, {0, 1}, {1, 2}, {1, 0}}}};
    for (const auto& [grams, expected] : budgets)
        for (const auto beyond : {spec::BeyondCap::skip, spec::BeyondCap::stop}) {
            const CarbonPlan plan{rule(grams + 1e-9, 3, beyond), nodes, "selection"};
            CHECK(hours_of(plan, 2, 3) == expected);
            CHECK(plan.left().count() == Approx(grams == 150 ? 9 : 1e-9).epsilon(1e-4));
        }
}

TEST_CASE("What doesn't fit is passed over, or ends the plan", "[coordinator]")
{
    // In the order of gain per gram: A 0 (10 g), B 0 (60 g), A 1 (12 g), since a node's second hour gains little.
    const FakeNodes nodes{{{.place = 0}, {.place = 1}}, {{10, 12}, {60, 200}}};
    const CarbonPlan skip{rule(30, 2, spec::BeyondCap::skip), nodes, "selection"};
    CHECK(hours_of(skip, 2, 2) == NodeHours{{0, 0}, {0, 1}});
    CHECK(skip.left().count() == Approx(8));
    const CarbonPlan stop{rule(30, 2, spec::BeyondCap::stop), nodes, "selection"};
    CHECK(hours_of(stop, 2, 2) == NodeHours{{0, 0}});
    CHECK(stop.left().count() == Approx(20));
}

TEST_CASE("One candidate a node gives the plan of all nodes and hours", "[coordinator]")
{
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        Stream random{seed, Purpose::draws};
        std::vector<FakeNode> nodes;
        FakeNodes::Grid grid(3);
        for (auto& place : grid)
            for (int hour = 0; hour < 8; ++hour) place.push_back(50 + 500 * random.uniform());
        for (std::uint32_t node = 0; node < 6; ++node)
            nodes.push_back({.joules = 1e6 * (1 + random.uniform()), .place = node % 3});
        std::vector<std::vector<double>> grams;
        for (const auto& node : nodes) {
            auto& row = grams.emplace_back();
            for (const double intensity : grid[node.place]) row.push_back(node.joules / 3.6e6 * intensity);
        }
        const FakeNodes facts{nodes, grid};
        for (const auto beyond : {spec::BeyondCap::skip, spec::BeyondCap::stop})
            for (const double alpha : {0.1, 0.5, 1.0}) {
                auto selection = rule(200 + 2000 * random.uniform(), 8, beyond);
                selection.alpha = alpha;
                CAPTURE(seed, alpha, selection.max_grams);
                const CarbonPlan plan{selection, facts, "selection"};
                CHECK(hours_of(plan, 6, 8) == greedy(grams, selection));
            }
    }
}

TEST_CASE("All nodes have the final hours, which are paid for first", "[coordinator]")
{
    const FakeNodes nodes{{{.joules = greenfl_joules, .place = 0}, {.joules = greenfl_joules, .place = 1}}, two_places};
    // The last hour is 90 + 27 g; of the 33 left B 1 is 24.
    const CarbonPlan plan{rule(150, 3, spec::BeyondCap::skip, 1), nodes, "selection"};
    CHECK(hours_of(plan, 2, 3) == NodeHours{{0, 2}, {1, 2}, {1, 1}});
    CHECK(plan.left().count() == Approx(9));
    CHECK(plan.next(0) == 1u);
    CHECK(plan.next(2) == 2u);
    CHECK_FALSE(plan.next(3));
    CHECK_THROWS_MATCHES(CarbonPlan(rule(100, 3, spec::BeyondCap::skip, 1), nodes, "trainings.x.selection"), SpecError,
                         Catch::Matchers::Message("trainings.x.selection.max_grams: 100 is less than the 117 g of all "
                                                  "nodes' final rounds; use more, or fewer final_rounds"));
}

TEST_CASE("A budget that pays for no round is refused", "[coordinator]")
{
    const FakeNodes nodes{{{.joules = greenfl_joules, .place = 1}}, two_places};
    CHECK_NOTHROW(CarbonPlan(rule(24.001, 3), nodes, "selection"));
    CHECK_THROWS_MATCHES(CarbonPlan(rule(23, 3), nodes, "trainings.x.selection"), SpecError,
                         Catch::Matchers::Message(
                             "trainings.x.selection.max_grams: 23 is less than any round of a node takes; use more"));
}

TEST_CASE("An hour whose intensity isn't known is in no plan, and one that emits nothing always is", "[coordinator]")
{
    const FakeNodes nodes{{{.place = 0}, {.place = 1}}, {{0, 50}, {40}}};
    const CarbonPlan plan{rule(1000, 3, spec::BeyondCap::skip, 1), nodes, "selection"};
    CHECK(hours_of(plan, 2, 3) == NodeHours{{0, 0}, {0, 1}, {1, 0}});
    CHECK(plan.left().count() == Approx(1000 - 90));
    const CarbonPlan little{rule(1, 3), nodes, "selection"};
    CHECK(hours_of(little, 2, 3) == NodeHours{{0, 0}});
}

TEST_CASE("Equal nodes share a budget, the smaller ids first", "[coordinator]")
{
    const FakeNodes nodes{std::vector<FakeNode>(4), {{10, 10, 10}}};
    const CarbonPlan plan{rule(60, 3), nodes, "selection"};
    CHECK(hours_of(plan, 4, 3) == NodeHours{{0, 0}, {0, 1}, {1, 0}, {1, 1}, {2, 0}, {3, 0}});
}
