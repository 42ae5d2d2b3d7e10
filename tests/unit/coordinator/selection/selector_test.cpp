#include "coordinator/selection/selector.hpp"

#include <algorithm>

#include "common/error/error.hpp"
#include "coordinator/selection/cohort.hpp"
#include "tests/unit/coordinator/selection/fake_nodes.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;
using Nodes = std::vector<std::uint32_t>;
using spec::SelectionKind;

namespace {

spec::Training training_with(spec::Selection selection)
{
    spec::Federated federated;
    federated.selection = selection;
    return {"fed", federated};
}

/// One of each policy, with the forms that have a state of their own.
std::vector<spec::Selection> all_policies(double grams, std::uint32_t candidates)
{
    using spec::CandidateLoss;
    return {{},
            {.policy = SelectionKind::by_samples},
            {.policy = SelectionKind::power_of_choice, .candidates = candidates},
            {.policy = SelectionKind::power_of_choice, .candidates = candidates, .loss = CandidateLoss::last_known},
            {.policy = SelectionKind::oort},
            {.policy = SelectionKind::lowest_intensity},
            {.policy = SelectionKind::alpha_fair, .max_grams = grams, .window_hours = 24},
            {.policy = SelectionKind::wait_for_cleaner, .slack_hours = 6},
            {.policy = SelectionKind::grams_cap, .max_grams = grams}};
}

FakeNodes many_nodes(std::uint32_t count)
{
    std::vector<FakeNode> nodes(count);
    for (std::uint32_t node = 0; node < count; ++node)
        nodes[node] = {.samples = 1 + node % 5, .joules = 3600.0, .seconds = 1.0 + node % 11, .place = node % 3};
    FakeNodes::Grid grid(3);
    for (std::uint32_t hour = 0; hour < 24; ++hour) {
        grid[0].push_back(300 + hour);
        grid[1].push_back(500 - 10 * hour);
        grid[2].push_back(100 + 40 * (hour % 5));
    }
    return FakeNodes{std::move(nodes), std::move(grid)};
}

/// Follows a selector until it has a cohort: waits as long as it says, and answers probes by node.
Nodes cohort_from(const Selector& selector, Moment moment)
{
    for (;;) {
        auto decision = selector.select(moment);
        if (const auto* probes = std::get_if<Probes>(&decision)) {
            std::vector<ProbedLoss> losses;
            for (const auto& probe : probes->nodes) losses.push_back({probe.node, (probe.node * 7 % 13) / 10.0});
            decision = selector.choose(moment, losses);
        }
        if (const auto* wait = std::get_if<Wait>(&decision)) {
            REQUIRE(wait->until);
            REQUIRE(*wait->until > moment.now);
            moment.now = *wait->until;
            continue;
        }
        return cohort_of(decision);
    }
}

RoundOutcome outcome_of(std::uint32_t round, double began, const Nodes& cohort)
{
    RoundOutcome outcome{.round = round, .began = Seconds{began}, .grams = GramsCO2e{0.1}};
    for (const auto node : cohort) {
        outcome.nodes.push_back({node, {}});
        if (node % 4 != 0) outcome.nodes.back().delivery = Delivery{1.0 / (node + round), Seconds{1.0 + node % 3}};
    }
    return outcome;
}

std::vector<std::byte> state_of(const Selector& selector)
{
    learning::StateWriter writer;
    selector.write(writer);
    return writer.take();
}

}  // namespace

TEST_CASE("A policy that is read back goes on as the one that was written, and choosing changes nothing",
          "[coordinator]")
{
    const auto nodes = many_nodes(60);
    auto policies = all_policies(20, 20);
    const auto place = GENERATE(range(0, 9));
    auto selection = policies.at(static_cast<std::size_t>(place));
    selection.max_participations = 40;
    CAPTURE(place);
    const auto training = training_with(selection);
    const auto available = all_of(60);
    const auto moment = [&](std::uint32_t round) {
        return Moment{.round = round,
                      .ready = Seconds{1000.0 * round},
                      .now = Seconds{1000.0 * round},
                      .available = available,
                      .cohort_size = 10};
    };
    Selector selector{training, 3, nodes};
    std::uint32_t round = 1;
    for (; round <= 5; ++round) selector.learn(outcome_of(round, 1000.0 * round, cohort_from(selector, moment(round))));
    const auto written = state_of(selector);
    CHECK(cohort_from(selector, moment(round)) == cohort_from(selector, moment(round)));
    CHECK(state_of(selector) == written);

    Selector again{training, 3, nodes};
    learning::StateReader reader{written};
    again.read(reader);
    for (; round <= 12; ++round) {
        const auto cohort = cohort_from(selector, moment(round));
        CHECK(cohort_from(again, moment(round)) == cohort);
        selector.learn(outcome_of(round, 1000.0 * round, cohort));
        again.learn(outcome_of(round, 1000.0 * round, cohort));
    }
    CHECK(state_of(again) == state_of(selector));

    const auto fewer = many_nodes(59);
    Selector other{training, 3, fewer};
    learning::StateReader anew{written};
    CHECK_THROWS_AS(other.read(anew), DataError);
}

TEST_CASE("Without more said a cohort is today's uniform draw", "[coordinator]")
{
    const auto nodes = many_nodes(100);
    const auto available = all_of(100);
    const Selector selector{training_with({}), 9, nodes};
    for (std::uint32_t round = 1; round <= 20; ++round)
        CHECK(cohort_of(selector.select({.round = round, .available = available, .cohort_size = 30})) ==
              draw_cohort(9, round, 100, 30));
    const Nodes some{3, 5, 80};
    CHECK(cohort_of(selector.select({.round = 2, .available = some, .cohort_size = 2})) == draw_cohort(9, 2, some, 2));
}

TEST_CASE("No node takes part more often than it may, whatever the policy", "[coordinator]")
{
    const auto nodes = many_nodes(6);
    const auto available = all_of(6);
    for (auto selection : all_policies(1000, 4)) {
        selection.max_participations = 2;
        CAPTURE(static_cast<int>(selection.policy));
        Selector selector{training_with(selection), 1, nodes};
        // Six nodes, twice each, three a round; a plan by the hour is gone through hour by hour.
        std::uint32_t round = 1;
        double now = 0;
        for (; round <= 20; ++round) {
            const Moment moment{
                .round = round, .ready = Seconds{now}, .now = Seconds{now}, .available = available, .cohort_size = 3};
            if (std::holds_alternative<Stop>(selector.select(moment))) break;
            const auto cohort = cohort_from(selector, moment);
            selector.learn(outcome_of(round, now, cohort));
            now += 3600;
        }
        CHECK(std::ranges::all_of(selector.participation().times(), [](auto times) { return times == 2; }));
        CHECK(std::get<Stop>(selector.select({.available = available})).reason ==
              "every node has taken part as often as max_participations lets it");
    }
}

TEST_CASE("Where nobody who may take part is there, a round waits for others", "[coordinator]")
{
    const auto nodes = many_nodes(3);
    Selector selector{training_with({.max_participations = 1}), 1, nodes};
    CHECK_FALSE(std::get<Wait>(selector.select({})).until);
    selector.learn(outcome_of(1, 0, {0}));
    const Nodes only_first{0};
    CHECK_FALSE(std::get<Wait>(selector.select({.round = 2, .available = only_first})).until);
    // Nor is a cohort of nobody one.
    const auto empty = nodes_with_samples({0, 0});
    const auto both = all_of(2);
    CHECK(std::holds_alternative<Wait>(
        Selector{training_with({.policy = SelectionKind::by_samples}), 1, empty}.select({.available = both})));
    const auto two = nodes_with_samples({1, 1});
    const Selector choice{training_with({.policy = SelectionKind::power_of_choice, .candidates = 2}), 1, two};
    CHECK(std::holds_alternative<Wait>(choice.choose({.available = both}, {})));
}

TEST_CASE("A plan that can't have a round names its training", "[coordinator]")
{
    const auto nodes = many_nodes(3);
    CHECK_THROWS_MATCHES(
        Selector(training_with({.policy = SelectionKind::alpha_fair, .max_grams = 0.01, .window_hours = 3}), 1, nodes),
        SpecError,
        Catch::Matchers::Message(
            "trainings.fed.selection.max_grams: 0.01 is less than any round of a node takes; use more"));
}

TEST_CASE("Cohorts of ten thousand are chosen from a million nodes, with 16 bytes of state each", "[coordinator]")
{
    constexpr std::uint32_t count = 1'000'000;
    constexpr std::uint32_t size = 10'000;
    const auto nodes = many_nodes(count);
    const auto available = all_of(count);
    for (const auto& selection : all_policies(5e5, 2 * size)) {
        CAPTURE(static_cast<int>(selection.policy), static_cast<int>(selection.loss));
        Selector selector{training_with(selection), 1, nodes};
        for (std::uint32_t round = 1; round <= 3; ++round) {
            const auto cohort = cohort_from(selector, {.round = round, .available = available, .cohort_size = size});
            CHECK(cohort.size() == size);
            CHECK(std::ranges::is_sorted(cohort, std::less_equal<>{}));
            CHECK(cohort.back() < count);
            selector.learn(outcome_of(round, 0, cohort));
        }
        CHECK(state_of(selector).size() <= 16 * std::size_t{count} + 1000);
    }
}
