#include "coordinator/rounds/virtual_round.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <vector>

using namespace fedgram;
using namespace fedgram::coordinator;

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

VirtualNode node(std::uint32_t id, double train, double leaves = never)
{
    return {id, Seconds{1}, Seconds{train}, Seconds{2}, Seconds{leaves}};
}

using Nodes = std::vector<std::uint32_t>;
using Lost = std::vector<LostNode>;

}  // namespace

TEST_CASE("Without a rule a round lasts until the slowest node has delivered")
{
    const std::vector cohort{node(3, 4), node(5, 10)};
    const auto outcome = virtual_round(cohort, {});
    CHECK(outcome.lasted.count() == 13);
    CHECK(outcome.delivered == Nodes{3, 5});
    CHECK(outcome.lost.empty());
}

TEST_CASE("A deadline leaves out who isn't done by then, and an update at the deadline is in")
{
    const std::vector cohort{node(3, 4), node(5, 10), node(7, 10.5)};
    const auto outcome = virtual_round(cohort, {.deadline = Seconds{13}});
    CHECK(outcome.lasted.count() == 13);
    CHECK(outcome.delivered == Nodes{3, 5});
    CHECK(outcome.lost == Lost{{7, Loss::late, Seconds{13}}});
    CHECK(virtual_round(cohort, {.deadline = Seconds{20}}).lasted.count() == 13.5);
}

TEST_CASE("A goal ends the round with its last update; of equally early ones the lower number is in")
{
    const std::vector cohort{node(1, 4), node(2, 4), node(3, 4), node(4, 2)};
    const auto outcome = virtual_round(cohort, {.goal = 3});
    CHECK(outcome.lasted.count() == 7);
    CHECK(outcome.delivered == Nodes{1, 2, 4});
    CHECK(outcome.lost == Lost{{3, Loss::late, Seconds{7}}});
}

TEST_CASE("A goal that isn't reached leaves the round to its deadline")
{
    const std::vector cohort{node(1, 4), node(2, 40)};
    const auto outcome = virtual_round(cohort, {.deadline = Seconds{10}, .goal = 2});
    CHECK(outcome.lasted.count() == 10);
    CHECK(outcome.delivered == Nodes{1});
}

TEST_CASE("A node that leaves has worked until then, and isn't waited for")
{
    const std::vector cohort{node(1, 4), node(2, 40, 5), node(3, 1, 4)};
    const auto outcome = virtual_round(cohort, {});
    CHECK(outcome.lasted.count() == 7);
    CHECK(outcome.delivered == Nodes{1, 3});  // it delivers as it leaves
    CHECK(outcome.lost == Lost{{2, Loss::left, Seconds{5}}});
}

TEST_CASE("Who leaves behind the round's end is late")
{
    const std::vector cohort{node(1, 4), node(2, 40, 30)};
    const auto outcome = virtual_round(cohort, {.goal = 1});
    CHECK(outcome.lost == Lost{{2, Loss::late, Seconds{7}}});
}

TEST_CASE("A round that all leave has no update")
{
    const std::vector cohort{node(1, 4, 3), node(2, 4, 6)};
    const auto outcome = virtual_round(cohort, {});
    CHECK(outcome.lasted.count() == 6);
    CHECK(outcome.delivered.empty());
    CHECK(outcome.lost == Lost{{1, Loss::left, Seconds{3}}, {2, Loss::left, Seconds{6}}});
}
