#include <catch2/catch.hpp>

#include "experiments/launch/node_ranges.hpp"

using fedgram::experiments::node_ranges;

TEST_CASE("nodes are dealt out to processes evenly, in contiguous ranges", "[experiments]")
{
    CHECK(node_ranges(10, 2) == std::vector<std::string>{"0-4", "5-9"});
    CHECK(node_ranges(5, 2) == std::vector<std::string>{"0-1", "2-4"});
    CHECK(node_ranges(3, 3) == std::vector<std::string>{"0", "1", "2"});
    CHECK(node_ranges(7, 1) == std::vector<std::string>{"0-6"});
    CHECK(node_ranges(0, 0).empty());
}
