#include "common/energy/pricing/node_devices.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "common/error/error.hpp"
#include "tests/unit/energy/pricing/round_figures.hpp"

using namespace fedgram;
using namespace fedgram::energy;

namespace {

NodeGroup group(const std::string& name, double share)
{
    NodeGroup group;
    group.name = name;
    group.share = share;
    group.device = test::round_figures();
    return group;
}

NodeGroup group_of(const std::string& name, std::uint32_t number)
{
    auto group = ::group(name, 1);
    group.number = number;
    return group;
}

std::vector<std::uint32_t> counts(const NodeDevices& fleet, std::uint32_t nodes)
{
    std::vector<std::uint32_t> counts(fleet.groups().size());
    for (std::uint32_t node = 0; node < nodes; ++node) ++counts[fleet.group_of(node)];
    return counts;
}

}  // namespace

TEST_CASE("Any number of nodes in a row has each group's share to within two nodes")
{
    for (const std::uint64_t seed : {1, 2, 3, 4, 5}) {
        const NodeDevices fleet{{group("a", 0.5), group("b", 0.3), group("c", 0.2)}, seed};
        for (const std::uint32_t nodes : {10u, 37u, 100u, 1'000u, 12'345u}) {
            const auto found = counts(fleet, nodes);
            for (std::size_t i = 0; i < found.size(); ++i)
                CHECK(std::abs(found[i] - fleet.groups()[i].share * nodes) <= 2);
        }
    }
}

TEST_CASE("Numbers of nodes hold exactly")
{
    const NodeDevices fleet{{group_of("a", 7), group_of("b", 1), group_of("c", 2)}, 9};
    CHECK(counts(fleet, 10) == std::vector<std::uint32_t>{7, 1, 2});
    CHECK(fleet.nodes() == 10);
}

TEST_CASE("What a node is doesn't depend on the order of the groups")
{
    auto fast = group("fast", 0.4), slow = group("slow", 0.6);
    slow.speed_deviation = 0.5;
    const NodeDevices one{{fast, slow}, 3}, other{{slow, fast}, 3};
    for (std::uint32_t node = 0; node < 100; ++node) {
        CHECK(one[node].group == other[node].group);
        CHECK(one[node].speed == other[node].speed);
    }
}

TEST_CASE("Other seeds deal other nodes, and draw other speeds")
{
    auto spread = group("a", 0.5);
    spread.speed_deviation = 1;
    const NodeDevices one{{spread, group("b", 0.5)}, 1}, other{{spread, group("b", 0.5)}, 2};
    std::uint32_t differ = 0;
    for (std::uint32_t node = 0; node < 100; ++node) differ += one.group_of(node) != other.group_of(node) ? 1 : 0;
    CHECK(differ > 10);
    CHECK(one[0].speed != other[0].speed);
}

TEST_CASE("Speeds are log-normal around the profile's, each with a draw of its own")
{
    auto spread = group("a", 1);
    spread.speed_deviation = 0.4;
    const NodeDevices fleet{{spread}, 5};
    constexpr std::uint32_t nodes = 100'000;
    double sum = 0, squares = 0;
    for (std::uint32_t node = 0; node < nodes; ++node) {
        const auto kind = fleet[node];
        CHECK_FALSE(kind.download != 1);  // exp(0 x draw)
        const auto logarithm = std::log(kind.speed);
        sum += logarithm;
        squares += logarithm * logarithm;
    }
    // Four standard errors.
    CHECK(std::abs(sum / nodes) < 4 * 0.4 / std::sqrt(nodes));
    CHECK(std::sqrt(squares / nodes) == Approx(0.4).epsilon(4 / std::sqrt(2.0 * nodes)));
}

TEST_CASE("A deviation leaves the other factors as they are")
{
    auto speed = group("a", 1);
    speed.speed_deviation = 0.4;
    auto both = speed;
    both.upload_deviation = 0.2;
    const NodeDevices one{{speed}, 5}, other{{both}, 5};
    CHECK(one[3].speed == other[3].speed);
    CHECK(one[3].upload == 1);
    CHECK(other[3].upload != 1);
}

TEST_CASE("Each device stands once among those of a fleet")
{
    const NodeDevices fleet{{group("a", 0.5), group("b", 0.5)}, 1};
    REQUIRE(fleet.devices().size() == 1);
    CHECK(fleet.devices().front().id == "round");
}

TEST_CASE("Shares that don't add up to 1, and shares beside numbers, are refused")
{
    CHECK_THROWS_WITH((NodeDevices{{group("a", 0.5), group("b", 0.4)}, 1}), Catch::Contains("add up to 0.9"));
    CHECK_THROWS_WITH((NodeDevices{{group("a", 0.5), group_of("b", 4)}, 1}), Catch::Contains("give all the same"));
    CHECK_THROWS_AS((NodeDevices{{}, 1}), SpecError);
    CHECK_NOTHROW(NodeDevices{{group("a", 0.33), group("b", 0.33), group("c", 0.34)}, 1});
}
