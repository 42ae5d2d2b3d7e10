#include "coordinator/selection/grams_cap.hpp"

#include "coordinator/selection/cohort.hpp"
#include "tests/unit/coordinator/selection/fake_nodes.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;
using Nodes = std::vector<std::uint32_t>;

namespace {

GramsCap policy_of(double cap, spec::BeyondCap beyond, const FakeNodes& nodes)
{
    return {{.policy = spec::SelectionKind::grams_cap, .max_grams = cap, .beyond_cap = beyond}, 1, nodes};
}

}  // namespace

TEST_CASE("Beneath a cap of grams the draw is uniform, and at the cap it stops", "[coordinator]")
{
    // Ten nodes of 10 g a round.
    const FakeNodes nodes{std::vector<FakeNode>(10), {{10}}};
    const auto available = all_of(10);
    auto policy = policy_of(100, spec::BeyondCap::stop, nodes);
    const Moment moment{.round = 5, .available = available, .cohort_size = 4};
    CHECK(cohort_of(policy.select(moment)) == draw_cohort(1, 5, 10, 4));
    policy.learn({.round = 4, .grams = GramsCO2e{60}});
    CHECK(cohort_of(policy.select(moment)) == draw_cohort(1, 5, 10, 4));  // 60 + 40, to the gram
    policy.learn({.round = 5, .grams = GramsCO2e{0.5}});
    CHECK(std::get<Stop>(policy.select(moment)).reason ==
          "60.5 g are spent, and the next round would take more than the cap of 100 g");
}

TEST_CASE("With skip only what fits takes part, until nothing does", "[coordinator]")
{
    const FakeNodes nodes{{{.place = 0}, {.place = 0}, {.place = 1}, {.place = 2}}, {{100}, {5}, {}}};
    const auto available = all_of(4);
    auto policy = policy_of(120, spec::BeyondCap::skip, nodes);
    for (std::uint32_t round = 1; round <= 20; ++round) {
        const auto cohort = cohort_of(policy.select({.round = round, .available = available, .cohort_size = 4}));
        // One of 0 and 1 fits, with 2; of node 3 it isn't known what it takes.
        CHECK((cohort == Nodes{0, 2} || cohort == Nodes{1, 2}));
    }
    policy.learn({.round = 1, .grams = GramsCO2e{110}});
    CHECK(cohort_of(policy.select({.round = 2, .available = available, .cohort_size = 4})) == Nodes{2});
    policy.learn({.round = 2, .grams = GramsCO2e{6}});
    CHECK(std::holds_alternative<Stop>(policy.select({.round = 3, .available = available, .cohort_size = 4})));
}

TEST_CASE("A node that is passed over gives its turn to the next of the draw", "[coordinator]")
{
    // Nodes 0 to 4 never fit.
    std::vector<FakeNode> each(10, {.place = 0});
    for (std::uint32_t node = 5; node < 10; ++node) each[node].place = 1;
    const FakeNodes nodes{each, {{1000}, {1}}};
    const auto available = all_of(10);
    const auto policy = policy_of(100, spec::BeyondCap::skip, nodes);
    check_frequencies(
        times_drawn(10,
                    [&](auto round) {
                        return cohort_of(policy.select({.round = round, .available = available, .cohort_size = 2}));
                    }),
        {0, 0, 0, 0, 0, 0.4, 0.4, 0.4, 0.4, 0.4});
}
