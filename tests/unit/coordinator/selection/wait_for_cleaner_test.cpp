#include "coordinator/selection/wait_for_cleaner.hpp"

#include "coordinator/selection/cohort.hpp"
#include "tests/unit/coordinator/selection/fake_nodes.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;

namespace {

constexpr double hour = 3600;

std::optional<Seconds> awaited(const Decision& decision)
{
    if (std::holds_alternative<Cohort>(decision)) return std::nullopt;
    return std::get<Wait>(decision).until;
}

}  // namespace

TEST_CASE("A round begins at the cleanest hour within its slack, the earliest of equals", "[coordinator]")
{
    const FakeNodes nodes{std::vector<FakeNode>(4), {{300, 200, 100, 100, 150}}};
    const auto available = all_of(4);
    const auto at = [&](double slack, double ready, double now) {
        const WaitForCleaner policy{Seconds{slack}, 1, nodes};
        return awaited(
            policy.select({.ready = Seconds{ready}, .now = Seconds{now}, .available = available, .cohort_size = 2}));
    };
    CHECK(at(0.5 * hour, 0, 0) == std::nullopt);
    CHECK(at(hour, 0, 0) == Seconds{hour});
    CHECK(at(2 * hour, 0, 0) == Seconds{2 * hour});
    CHECK(at(4 * hour, 0, 0) == Seconds{2 * hour});
    CHECK(at(hour, 1.5 * hour, 1.5 * hour) == Seconds{2 * hour});
    // Once it has waited, the slack counts from when it could have begun.
    CHECK(at(hour, 0, hour) == std::nullopt);
    CHECK(at(2 * hour, 0, 2 * hour) == std::nullopt);
    CHECK(at(9 * hour, 3 * hour, 3 * hour) == std::nullopt);
}

TEST_CASE("A round that need not wait is a uniform draw", "[coordinator]")
{
    const FakeNodes nodes{std::vector<FakeNode>(9), {{100, 200}}};
    const auto available = all_of(9);
    const WaitForCleaner policy{Seconds{hour}, 7, nodes};
    CHECK(cohort_of(policy.select({.round = 3, .available = available, .cohort_size = 4})) == draw_cohort(7, 3, 9, 4));
}

TEST_CASE("The cleanest is what all available nodes would emit", "[coordinator]")
{
    // Place 1 draws three times as much: 1 x 100 + 3 x 200 = 700 now, 1 x 300 + 3 x 100 = 600 in an hour.
    const FakeNodes nodes{{{.place = 0}, {.joules = 3 * 3.6e6, .place = 1}}, {{100, 300}, {200, 100}}};
    const WaitForCleaner policy{Seconds{hour}, 1, nodes};
    const auto both = all_of(2);
    CHECK(awaited(policy.select({.available = both})) == Seconds{hour});
    const std::vector<std::uint32_t> only_first{0};
    CHECK(awaited(policy.select({.available = only_first})) == std::nullopt);
}

TEST_CASE("Hours whose intensity isn't known are passed over", "[coordinator]")
{
    const FakeNodes nodes{{{.place = 0}, {.place = 1}}, {{300, 200, 100}, {300, 200}}};
    const WaitForCleaner policy{Seconds{9 * hour}, 1, nodes};
    const auto both = all_of(2);
    CHECK(awaited(policy.select({.available = both})) == Seconds{hour});
    const std::vector<std::uint32_t> only_first{0};
    CHECK(awaited(policy.select({.available = only_first})) == Seconds{2 * hour});
    CHECK(awaited(policy.select({.ready = Seconds{2 * hour}, .now = Seconds{2 * hour}, .available = both})) ==
          std::nullopt);
}
