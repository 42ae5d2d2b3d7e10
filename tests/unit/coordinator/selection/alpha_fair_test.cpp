#include "coordinator/selection/alpha_fair.hpp"

#include "tests/unit/coordinator/selection/fake_nodes.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;
using Nodes = std::vector<std::uint32_t>;

namespace {

const spec::Selection rule{.policy = spec::SelectionKind::alpha_fair, .max_grams = 150, .window_hours = 5};

/// Two nodes whose plan is hour 1 for A, and 0, 1 and 2 for B: carbon_plan_test has it by hand. In the hours 3 and 4 no
/// grid is known.
FakeNodes two_nodes()
{
    constexpr double greenfl_joules = 300 * 3600;
    return FakeNodes{{{.joules = greenfl_joules, .place = 0}, {.joules = greenfl_joules, .place = 1}},
                     {{500, 200, 300}, {100, 80, 90}}};
}

}  // namespace

TEST_CASE("In an hour the nodes that have it take part once, and the rest waits for the next", "[coordinator]")
{
    const auto nodes = two_nodes();
    AlphaFair policy{rule, "selection", 1, nodes};
    const auto available = all_of(2);
    const auto at = [&](std::uint32_t round, double seconds) {
        return policy.select({.round = round, .now = Seconds{seconds}, .available = available, .cohort_size = 2});
    };
    const auto learn = [&](std::uint32_t round, double seconds, const Nodes& cohort) {
        auto outcome = delivered(round, cohort);
        outcome.began = Seconds{seconds};
        policy.learn(outcome);
    };
    CHECK(cohort_of(at(1, 0)) == Nodes{1});
    CHECK(cohort_of(at(1, 3599)) == Nodes{1});
    learn(1, 10, {1});
    CHECK(std::get<Wait>(at(2, 20)).until == Seconds{3600});
    CHECK(cohort_of(at(2, 3600)) == Nodes{0, 1});
    learn(2, 3600, {0});
    CHECK(cohort_of(at(3, 3700)) == Nodes{1});
    CHECK(cohort_of(at(3, 7200)) == Nodes{1});
    learn(3, 7200, {1});
    CHECK(std::holds_alternative<Stop>(at(4, 7300)));
    CHECK(std::holds_alternative<Stop>(at(4, 1e9)));
}

TEST_CASE("A node that isn't there leaves its hour, and a cohort is no larger than asked for", "[coordinator]")
{
    const auto nodes = two_nodes();
    const AlphaFair policy{rule, "selection", 1, nodes};
    const Nodes only_a{0};
    CHECK(std::get<Wait>(policy.select({.available = only_a, .cohort_size = 2})).until == Seconds{3600});
    const auto both = all_of(2);
    check_frequencies(times_drawn(2,
                                  [&](auto round) {
                                      return cohort_of(policy.select(
                                          {.round = round, .now = Seconds{3600}, .available = both, .cohort_size = 1}));
                                  }),
                      {0.5, 0.5});
}
