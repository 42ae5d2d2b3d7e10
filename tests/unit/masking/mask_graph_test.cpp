#include "common/masking/mask_graph.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <set>
#include <vector>

using namespace fedgram;
using masking::MaskGraph;

namespace {

/// Ids that aren't places: 5, 12, 19, ...
std::vector<std::uint32_t> cohort_of(std::uint32_t size)
{
    std::vector<std::uint32_t> nodes(size);
    for (std::uint32_t i = 0; i < size; ++i) nodes[i] = 5 + 7 * i;
    return nodes;
}

std::size_t reached_from(const MaskGraph& graph, std::uint32_t start)
{
    std::set<std::uint32_t> reached{start};
    std::vector<std::uint32_t> open{start};
    while (!open.empty()) {
        const auto node = open.back();
        open.pop_back();
        for (const auto neighbour : graph.neighbours(node))
            if (reached.insert(neighbour).second) open.push_back(neighbour);
    }
    return reached.size();
}

}  // namespace

TEST_CASE("A mask graph is regular, symmetric and connected, and joins nobody to itself", "[masking]")
{
    for (const std::uint32_t size : {1, 2, 3, 4, 5, 9, 10, 11, 40})
        for (const std::uint32_t wanted : {1, 2, 3, 4, 5, 8, 9, 10, 38, 39, 100}) {
            const auto cohort = cohort_of(size);
            const MaskGraph graph{3, 2, cohort, wanted};
            CAPTURE(size, wanted);
            REQUIRE(graph.degree() >= std::min(wanted, size - 1));
            REQUIRE(graph.degree() <= wanted + 1);
            for (const auto node : cohort) {
                const auto neighbours = graph.neighbours(node);
                REQUIRE(neighbours.size() == graph.degree());
                REQUIRE(std::ranges::adjacent_find(neighbours, std::greater_equal{}) == neighbours.end());
                REQUIRE_FALSE(std::ranges::binary_search(neighbours, node));
                for (const auto neighbour : neighbours)
                    REQUIRE(std::ranges::binary_search(graph.neighbours(neighbour), node));
            }
            // A degree of one makes pairs.
            REQUIRE(reached_from(graph, cohort.front()) == (graph.degree() == 1 ? 2 : size));
        }
}

TEST_CASE("A degree of all other nodes or more makes the complete graph", "[masking]")
{
    const auto cohort = cohort_of(6);
    for (const std::uint32_t degree : {5, 6, 1000})
        CHECK(MaskGraph{1, 1, cohort, degree}.neighbours(12) == std::vector<std::uint32_t>{5, 19, 26, 33, 40});
}

TEST_CASE("A mask graph depends on the seed, the round and the cohort, and not on the cohort's order", "[masking]")
{
    const auto cohort = cohort_of(40);
    const std::vector<std::uint32_t> reversed{cohort.rbegin(), cohort.rend()};
    const auto all = [](const MaskGraph& graph) {
        std::vector<std::vector<std::uint32_t>> result;
        for (const auto node : graph.nodes()) result.push_back(graph.neighbours(node));
        return result;
    };
    const auto graph = all(MaskGraph{1, 1, cohort, 6});
    CHECK(all(MaskGraph{1, 1, reversed, 6}) == graph);
    CHECK(all(MaskGraph{1, 2, cohort, 6}) != graph);
    CHECK(all(MaskGraph{2, 1, cohort, 6}) != graph);
}
