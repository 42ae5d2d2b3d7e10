#include "coordinator/selection/power_of_choice.hpp"

#include <algorithm>
#include <limits>

#include "tests/unit/coordinator/selection/fake_nodes.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;
using Nodes = std::vector<std::uint32_t>;

namespace {

spec::Selection rule(std::uint32_t candidates, spec::CandidateLoss loss)
{
    return {.policy = spec::SelectionKind::power_of_choice, .candidates = candidates, .loss = loss};
}

Nodes probed(const Decision& decision)
{
    REQUIRE(std::holds_alternative<Probes>(decision));
    Nodes nodes;
    for (const auto& probe : std::get<Probes>(decision).nodes) nodes.push_back(probe.node);
    return nodes;
}

}  // namespace

TEST_CASE("Candidates are drawn by share of the data, and those with the highest loss are chosen", "[coordinator]")
{
    const auto nodes = nodes_with_samples({10, 20, 30, 40});
    const PowerOfChoice policy{rule(2, spec::CandidateLoss::all), 8, 1, nodes};
    const auto available = all_of(4);
    const auto at = [&](std::uint32_t round) {
        return Moment{.round = round, .available = available, .cohort_size = 1};
    };
    check_frequencies(times_drawn(4, [&](auto round) { return probed(policy.select(at(round))); }),
                      among_two({1, 2, 3, 4}));

    const auto probes = std::get<Probes>(policy.select(at(1)));
    for (const auto& probe : probes.nodes) CHECK(probe.samples == nodes.samples(probe.node));
    // The highest, not the lowest, whatever the order of the answers.
    const std::vector<ProbedLoss> losses{{0, 0.5}, {1, 2}, {2, 1.5}, {3, 0.1}};
    const Moment two{.round = 1, .available = available, .cohort_size = 2};
    CHECK(policy.choose(two, losses).nodes == Nodes{1, 2});
    CHECK(policy.choose(two, std::vector(losses.rbegin(), losses.rend())).nodes == Nodes{1, 2});
}

TEST_CASE("A batch's loss takes a batch of samples, or what a node has", "[coordinator]")
{
    const auto nodes = nodes_with_samples({10, 20, 3, 40});
    const PowerOfChoice policy{rule(4, spec::CandidateLoss::mini_batch), 16, 1, nodes};
    const auto available = all_of(4);
    const auto decision = policy.select({.available = available, .cohort_size = 2});
    CHECK(probed(decision) == available);
    const auto& probes = std::get<Probes>(decision).nodes;
    CHECK(probes[0].samples == 10);
    CHECK(probes[1].samples == 16);
    CHECK(probes[2].samples == 3);
    CHECK(probes[3].samples == 16);
}

TEST_CASE("Equal losses are drawn by lot, a candidate without an answer isn't chosen, and infinity is high",
          "[coordinator]")
{
    const auto nodes = nodes_with_samples({1, 1, 1, 1});
    const PowerOfChoice policy{rule(4, spec::CandidateLoss::all), 8, 1, nodes};
    const auto available = all_of(4);
    const std::vector<ProbedLoss> equal{{0, 1}, {1, 1}, {2, 1}, {3, 1}};
    check_frequencies(
        times_drawn(4,
                    [&](auto round) {
                        return policy.choose({.round = round, .available = available, .cohort_size = 1}, equal).nodes;
                    }),
        {0.25, 0.25, 0.25, 0.25});
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const Moment two{.available = available, .cohort_size = 2};
    CHECK(policy.choose(two, std::vector<ProbedLoss>{{0, nan}, {1, 0.1}, {3, infinity}}).nodes == Nodes{1, 3});
    CHECK(policy.choose(two, std::vector<ProbedLoss>{{2, 0.1}}).nodes == Nodes{2});
    CHECK(policy.choose(two, {}).nodes.empty());
}

TEST_CASE("Where all candidates fit into the cohort nobody is probed", "[coordinator]")
{
    const auto nodes = nodes_with_samples({1, 1, 1, 1});
    const PowerOfChoice policy{rule(3, spec::CandidateLoss::all), 8, 1, nodes};
    const Nodes available{1, 3};
    CHECK(cohort_of(policy.select({.available = available, .cohort_size = 2})) == available);
}

TEST_CASE("The last known loss takes no probe, and who has none yet comes first", "[coordinator]")
{
    const auto nodes = nodes_with_samples({1, 1, 1, 1});
    PowerOfChoice policy{rule(4, spec::CandidateLoss::last_known), 8, 1, nodes};
    const auto available = all_of(4);
    const Moment moment{.round = 2, .available = available, .cohort_size = 2};
    policy.learn({.round = 1, .nodes = {{0, Delivery{3, Seconds{1}}}, {1, Delivery{2, Seconds{1}}}, {2, {}}}});
    CHECK(cohort_of(policy.select(moment)) == Nodes{2, 3});  // node 2 was lost: nothing is known of it
    policy.learn(delivered(2, {2, 3}, 2.5));
    CHECK(cohort_of(policy.select(moment)) != Nodes{2, 3});
    policy.learn(delivered(3, {0}, 0.5));
    CHECK(cohort_of(policy.select(moment)) == Nodes{2, 3});
}
