#include "coordinator/selection/by_samples.hpp"

#include "tests/unit/coordinator/selection/fake_nodes.hpp"

using namespace fedgram::coordinator;

TEST_CASE("Nodes are drawn by their share of the samples of those that are available", "[coordinator]")
{
    const auto nodes = nodes_with_samples({10, 999, 20, 30, 40});
    const BySamples policy{1, nodes};
    const std::vector<std::uint32_t> available{0, 2, 3, 4};
    const auto draw = [&](std::uint32_t cohort_size) {
        return times_drawn(5, [&](auto round) {
            return cohort_of(policy.select({.round = round, .available = available, .cohort_size = cohort_size}));
        });
    };
    check_frequencies(draw(1), {0.1, 0, 0.2, 0.3, 0.4});
    const auto two = among_two({1, 2, 3, 4});
    check_frequencies(draw(2), {two[0], 0, two[1], two[2], two[3]});
}

TEST_CASE("A cohort by samples is no larger than the nodes that have some", "[coordinator]")
{
    const auto nodes = nodes_with_samples({5, 0, 5});
    const auto available = all_of(3);
    const BySamples policy{1, nodes};
    CHECK(cohort_of(policy.select({.available = available, .cohort_size = 3})) == std::vector<std::uint32_t>{0, 2});
}
