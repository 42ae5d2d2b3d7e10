#include "common/protocol/node_set.hpp"

#include <catch2/catch.hpp>

using fedgram::protocol::NodeSet;

namespace {

NodeSet nodes(const char* text) { return NodeSet::parse(text).value(); }

}  // namespace

TEST_CASE("Nodes in a row are one range, however they were named", "[protocol]")
{
    CHECK(nodes("7,0-2,3-4").text() == "0-4,7");
    CHECK(nodes("0-4,7").ids() == std::vector<std::uint32_t>{0, 1, 2, 3, 4, 7});
    CHECK(NodeSet{std::vector<std::uint32_t>{0, 1, 2, 9}}.ranges() == std::vector<NodeSet::Range>{{0, 2}, {9, 9}});
    CHECK(nodes("0-99999").ranges().size() == 1);
}

TEST_CASE("A set knows how many nodes it has, and which", "[protocol]")
{
    const auto set = nodes("2-4,7,9-10");
    CHECK(set.size() == 6);
    CHECK(NodeSet{}.size() == 0);
    std::vector<std::uint32_t> contained;
    for (std::uint32_t node = 0; node < 12; ++node)
        if (set.contains(node)) contained.push_back(node);
    CHECK(contained == set.ids());
    CHECK_FALSE(NodeSet{}.contains(0));
}

TEST_CASE("A range is added behind all others, and below the limit, or not at all", "[protocol]")
{
    auto set = nodes("4-6");
    CHECK_FALSE(set.append({6, 8}));
    CHECK_FALSE(set.append({0, 1}));
    CHECK_FALSE(set.append({9, 8}));
    CHECK_FALSE(set.append({7, NodeSet::limit}));
    CHECK_FALSE(set.append({7, 0xffffffff}));
    CHECK(set.text() == "4-6");
    CHECK(set.append({7, 8}));
    CHECK(set.text() == "4-8");
}

TEST_CASE("What a set lacks of another is the rest, cut out of its ranges", "[protocol]")
{
    CHECK(nodes("0-9").without(nodes("0-9")).empty());
    CHECK(nodes("0-9").without(nodes("3-4,7")).text() == "0-2,5-6,8-9");
    CHECK(nodes("2,5-6").without(nodes("0-4,6-20")).text() == "5");
    CHECK(nodes("2-3,8").without(NodeSet{}).text() == "2-3,8");
    CHECK(nodes("5").without(nodes("0-4,6")).text() == "5");
}
