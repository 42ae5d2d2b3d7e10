#include "common/fleet/node_hours.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/unit/fleet/fleet_json.hpp"

using namespace fedgram;
using namespace fedgram::fleet;
using test::parse;

namespace {

constexpr double hour = 3600;

Fleet nightly(const std::string& more = "")
{
    return parse(R"([{"device": "phone", "share": 1, "availability": {"daily": {"from_h": 22, "until_h": 6)" + more +
                 R"(}}, "utc_offset_h": 2}])");
}

}  // namespace

TEST_CASE("A daily window is open by the clock of where the node is, across midnight")
{
    const auto fleet = nightly();
    const NodeHours hours{fleet, 1, 0};  // 0 h UTC is 2 h there
    CHECK(hours.at(0, 0).there);
    CHECK(hours.at(0, 0).until_s == Approx(4 * hour));
    CHECK_FALSE(hours.at(0, 4 * hour).there);
    CHECK(hours.at(0, 4 * hour).until_s == Approx(20 * hour));
    CHECK(hours.at(0, 20 * hour).there);
    CHECK(hours.at(0, 20 * hour).until_s == Approx(28 * hour));
    CHECK(hours.at(0, 24 * 9 * hour + hour).until_s == Approx(24 * 9 * hour + 4 * hour));

    const NodeHours from_noon{fleet, 1, 12 * hour};  // 14 h there
    CHECK_FALSE(from_noon.at(0, 0).there);
    CHECK(from_noon.at(0, 0).until_s == Approx(8 * hour));
}

TEST_CASE("Who waits until a window opens finds it open")
{
    const auto fleet = nightly(R"(, "spread_h": 1.7)");
    const NodeHours hours{fleet, 3, 12.345 * hour};
    for (std::uint32_t node = 0; node < 200; ++node) {
        auto stay = hours.at(node, 1);
        for (int i = 0; i < 6; ++i) {
            const auto next = hours.at(node, stay.until_s);
            CHECK(next.there != stay.there);
            CHECK(next.until_s > stay.until_s);
            stay = next;
        }
    }
}

TEST_CASE("Each node has a shift of its own, always the same")
{
    const auto fleet = nightly(R"(, "spread_h": 1)");
    const NodeHours hours{fleet, 1, 0};
    double sum = 0, squares = 0;
    constexpr int nodes = 20'000;
    for (std::uint32_t node = 0; node < nodes; ++node) {
        const auto end = hours.at(node, 0).until_s;  // some 4 h
        CHECK(hours.at(node, 24 * hour).until_s == Approx(end + 24 * hour));
        const auto shift = end / hour - 4;
        sum += shift;
        squares += shift * shift;
    }
    CHECK(std::abs(sum / nodes) < 4 / std::sqrt(nodes));
    CHECK(std::sqrt(squares / nodes) == Approx(1).epsilon(4 / std::sqrt(2.0 * nodes)));
}

TEST_CASE("Nodes are on for their share of the time, and stay for the mean of their time on")
{
    const auto fleet =
        parse(R"([{"device": "a", "share": 1, "availability": {"on_off": {"mean_on_h": 2, "mean_off_h": 6}}}])");
    const NodeHours hours{fleet, 1, 0};
    for (const double time : {0.0, 50 * hour}) {
        int there = 0;
        double stays = 0;
        constexpr int nodes = 20'000;
        for (std::uint32_t node = 0; node < nodes; ++node) {
            const auto stay = hours.at(node, time);
            CHECK(stay.until_s > time);
            if (!stay.there) continue;
            ++there;
            stays += stay.until_s - time;
        }
        const auto share = there / static_cast<double>(nodes);
        CHECK(std::abs(share - 0.25) < 4 * std::sqrt(0.25 * 0.75 / nodes));
        CHECK(stays / there == Approx(2 * hour).epsilon(4 / std::sqrt(there)));  // it has no memory
    }
}

TEST_CASE("By a list a node is there within its windows, and never where it has none")
{
    const auto fleet =
        parse(R"([{"device": "a", "share": 1, "availability": {"windows": [[0, 10, 20], [0, 30, 40]]}}])");
    const NodeHours hours{fleet, 1, 0};
    CHECK_FALSE(hours.at(0, 5).there);
    CHECK(hours.at(0, 5).until_s == 10);
    CHECK(hours.at(0, 10).there);
    CHECK(hours.at(0, 15).until_s == 20);
    CHECK_FALSE(hours.at(0, 20).there);
    CHECK(hours.at(0, 20).until_s == 30);
    CHECK(std::isinf(hours.at(0, 40).until_s));
    CHECK_FALSE(hours.at(1, 15).there);
    CHECK(std::isinf(hours.at(1, 15).until_s));
    CHECK(most_there(fleet, hours, 10) == 1);
}

TEST_CASE("The most that are there at once is found within a day")
{
    // Half from 0 to 12 h and half from 10 to 14 h: all from 10 to 12 h.
    const auto both = parse(R"([
        {"name": "a", "device": "d", "nodes": 5, "availability": {"daily": {"from_h": 0, "until_h": 12}}},
        {"name": "b", "device": "d", "nodes": 5, "availability": {"daily": {"from_h": 10, "until_h": 14}}}])");
    CHECK(most_there(both, NodeHours{both, 1, 20 * hour}, 10) == 10);
    const auto apart = parse(R"([
        {"name": "a", "device": "d", "nodes": 6, "availability": {"daily": {"from_h": 0, "until_h": 10}}},
        {"name": "b", "device": "d", "nodes": 4, "availability": {"daily": {"from_h": 10, "until_h": 14}}}])");
    CHECK(most_there(apart, NodeHours{apart, 1, 20 * hour}, 10) == 6);
}
