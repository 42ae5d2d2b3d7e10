#include "coordinator/selection/lowest_intensity.hpp"

#include "tests/unit/coordinator/selection/fake_nodes.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;
using Nodes = std::vector<std::uint32_t>;

namespace {

/// Nodes in turn at three places, whose order changes in the second hour; the third place's grid is known for one hour.
FakeNodes nine_nodes()
{
    std::vector<FakeNode> nodes;
    for (std::uint32_t node = 0; node < 9; ++node) nodes.push_back({.place = node % 3});
    return FakeNodes{nodes, {{500, 50}, {100, 300}, {200}}};
}

}  // namespace

TEST_CASE("The nodes of the places with the lowest intensity now are chosen", "[coordinator]")
{
    const auto nodes = nine_nodes();
    const LowestIntensity policy{1, nodes};
    const auto available = all_of(9);
    const auto at = [&](double seconds, std::uint32_t size) {
        return cohort_of(policy.select({.now = Seconds{seconds}, .available = available, .cohort_size = size}));
    };
    CHECK(at(0, 3) == Nodes{1, 4, 7});
    CHECK(at(3599, 6) == Nodes{1, 2, 4, 5, 7, 8});
    CHECK(at(3600, 3) == Nodes{0, 3, 6});
    CHECK(at(3600, 6) == Nodes{0, 1, 3, 4, 6, 7});  // what isn't known comes last
    CHECK(at(3600, 9) == available);
    CHECK(at(0, 20) == available);
    const Nodes some{0, 2, 3, 5};
    CHECK(cohort_of(policy.select({.available = some, .cohort_size = 2})) == Nodes{2, 5});
}

TEST_CASE("Within the last place that comes in, the cohort is a uniform draw", "[coordinator]")
{
    const auto nodes = nine_nodes();
    const LowestIntensity policy{1, nodes};
    const auto available = all_of(9);
    const auto times = times_drawn(9, [&](auto round) {
        return cohort_of(policy.select({.round = round, .available = available, .cohort_size = 5}));
    });
    check_frequencies(times, {0, 1, 2 / 3.0, 0, 1, 2 / 3.0, 0, 1, 2 / 3.0});
}

TEST_CASE("Places of one intensity are one", "[coordinator]")
{
    const FakeNodes nodes{{{.place = 0}, {.place = 1}, {.place = 2}}, {{100}, {100}, {900}}};
    const auto available = all_of(3);
    const LowestIntensity policy{1, nodes};
    check_frequencies(
        times_drawn(3,
                    [&](auto round) {
                        return cohort_of(policy.select({.round = round, .available = available, .cohort_size = 1}));
                    }),
        {0.5, 0.5, 0});
}
