#include "coordinator/selection/weighted_draw.hpp"

#include <algorithm>
#include <map>

#include "tests/unit/coordinator/selection/fake_nodes.hpp"

using namespace fedgram::coordinator;

namespace {

const std::vector<WeightedNode> four{{0, 1}, {1, 2}, {2, 3}, {3, 4}};

}  // namespace

TEST_CASE("One node is drawn with its share of the weight", "[coordinator]")
{
    const auto times = times_drawn(4, [](auto round) { return draw_weighted(1, round, four, 1); });
    check_frequencies(times, {0.1, 0.2, 0.3, 0.4});
}

TEST_CASE("Two nodes are drawn one after the other, without replacement", "[coordinator]")
{
    check_frequencies(times_drawn(4, [](auto round) { return draw_weighted(2, round, four, 2); }),
                      among_two({1, 2, 3, 4}));

    // Of each pair, by hand: P(i, j) = p_i p_j / (1 - p_i) + p_j p_i / (1 - p_j).
    std::map<std::vector<std::uint32_t>, int> pairs;
    for (std::uint32_t round = 1; round <= draws; ++round) ++pairs[draw_weighted(3, round, four, 2)];
    double chi_square = 0;
    for (std::uint32_t i = 0; i < 4; ++i)
        for (std::uint32_t j = i + 1; j < 4; ++j) {
            const double p = four[i].weight / 10;
            const double q = four[j].weight / 10;
            const double expected = draws * p * q * (1 / (1 - p) + 1 / (1 - q));
            chi_square += std::pow(pairs[{i, j}] - expected, 2) / expected;
        }
    CHECK(pairs.size() == 6);
    CHECK(chi_square < 20.515);  // 5 degrees of freedom, 99.9 %
}

TEST_CASE("A weighted draw depends neither on the order of the nodes nor on who else isn't drawn", "[coordinator]")
{
    std::vector<WeightedNode> nodes;
    for (std::uint32_t node = 0; node < 200; ++node) nodes.push_back({node, 1.0 + node % 7});
    const auto drawn = draw_weighted(5, 9, nodes, 50);
    REQUIRE(drawn.size() == 50);
    CHECK(std::ranges::is_sorted(drawn));
    CHECK(std::ranges::adjacent_find(drawn) == drawn.end());
    std::ranges::reverse(nodes);
    CHECK(draw_weighted(5, 9, nodes, 50) == drawn);
    std::erase_if(
        nodes, [&](const auto& node) { return node.node % 2 == 0 && !std::ranges::binary_search(drawn, node.node); });
    CHECK(draw_weighted(5, 9, nodes, 50) == drawn);
    CHECK(draw_weighted(5, 10, nodes, 50) != drawn);
    CHECK(draw_weighted(6, 9, nodes, 50) != drawn);
}

TEST_CASE("A node without weight is never drawn", "[coordinator]")
{
    const std::vector<WeightedNode> nodes{{3, 0}, {4, 1}, {8, 1}};
    CHECK(draw_weighted(1, 1, nodes, 3) == std::vector<std::uint32_t>{4, 8});
    CHECK(draw_weighted(1, 1, {}, 3).empty());
}

TEST_CASE("A lot's two numbers are uniform and independent", "[coordinator]")
{
    int both_low = 0;
    int draw_low = 0;
    for (std::uint32_t node = 0; node < draws; ++node) {
        const auto lot = lot_of(1, 2, node);
        draw_low += lot.draw < 0.5;
        both_low += lot.draw < 0.5 && lot.tie < 0.5;
    }
    CHECK(std::abs(draw_low - 50'000) < 633);  // four standard deviations of 158.1
    CHECK(std::abs(both_low - 25'000) < 548);  // and of 136.9
}
