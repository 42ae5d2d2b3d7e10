#include "common/energy/pricing/pricing.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/unit/energy/pricing/round_figures.hpp"

using namespace fedgram;
using namespace fedgram::energy;

namespace {

constexpr Link home{20, 10};  // Mbit/s down, up

NodeRound node_of(std::uint32_t node, std::uint64_t flops, std::uint64_t bytes)
{
    NodeRound entry;
    entry.node = node;
    entry.train.flops = flops;
    entry.bytes_down = entry.bytes_up = bytes;
    return entry;
}

// 10 MB = 80 Mbit: 4 s down at 20 Mbit/s, 8 s up at 10. Trainings of 3 s and 5 s at 1 GFLOP/s.
const std::vector<NodeRound> two_nodes{node_of(4, 3'000'000'000, 10'000'000), node_of(9, 5'000'000'000, 10'000'000)};

}  // namespace

TEST_CASE("A round is priced phase by phase, and the fast wait for the slow")
{
    const auto priced = price_round("fl", 2, two_nodes, test::round_figures(), home);
    CHECK(priced.seconds.count() == Approx(17));  // 4 + 5 + 8
    REQUIRE(priced.lines.size() == 8);

    const auto check = [&](std::size_t at, std::uint32_t node, Phase phase, double seconds, double joules) {
        const auto& line = priced.lines[at];
        CHECK(line.training == "fl");
        CHECK(line.round == 2);
        CHECK(line.node == node);
        CHECK(line.phase == phase);
        CHECK(line.seconds.count() == Approx(seconds));
        CHECK(line.joules.count() == Approx(joules));
        CHECK(line.method == "modelled");
        CHECK(line.boundary == "module");
        CHECK(line.provenance == "device profile round");
        CHECK_FALSE(line.wasted);
    };
    check(0, 4, Phase::download, 4, 16);  // 4 W
    check(1, 4, Phase::train, 3, 30);     // 10 W
    check(2, 4, Phase::upload, 8, 32);
    check(3, 4, Phase::idle, 2, 4);  // 17 - 15 = 2 s at 2 W
    check(4, 9, Phase::download, 4, 16);
    check(5, 9, Phase::train, 5, 50);
    check(6, 9, Phase::upload, 8, 32);
    check(7, 9, Phase::idle, 0, 0);
    CHECK(priced.lines[0].work == Work{0, 0, 0, 0, 10'000'000, 0});
    CHECK(priced.lines[1].work == two_nodes[0].train);
    CHECK(priced.lines[2].work == Work{0, 0, 0, 0, 0, 10'000'000});
    CHECK(priced.lines[3].work == Work{});
}

TEST_CASE("A round without nodes takes no time")
{
    const auto priced = price_round("fl", 1, {}, test::round_figures(), home);
    CHECK(priced.lines.empty());
    CHECK(priced.seconds == Seconds{0});
}

TEST_CASE("Bytes count once: those inside a node's training work are left out")
{
    auto nodes = two_nodes;
    nodes[0].train.bytes_down = nodes[0].train.bytes_up = 10'000'000;
    const auto priced = price_round("fl", 1, nodes, test::round_figures(), home);
    CHECK(priced.lines[1].work.bytes_down == 0);
    CHECK(priced.lines[1].work.bytes_up == 0);
}

TEST_CASE("A phase that computes is priced at training power")
{
    Work work;
    work.flops = 2'000'000'000;
    work.steps = 50;  // 0.5 s
    const auto line = price_phase("central", std::nullopt, 3, Phase::evaluate, work, test::round_figures());
    CHECK(line.seconds.count() == Approx(2.5));
    CHECK(line.joules.count() == Approx(25));
    CHECK_FALSE(line.node.has_value());
    CHECK(line.phase == Phase::evaluate);
}

TEST_CASE("A ledger priced anew on its own device and link gives its own values, in any order of lines")
{
    auto lines = price_round("fl", 1, two_nodes, test::round_figures(), home).lines;
    const auto second = price_round("fl", 2, two_nodes, test::round_figures(), home).lines;
    lines.insert(lines.end(), second.begin(), second.end());
    auto mixed = lines;
    std::reverse(mixed.begin(), mixed.end());

    std::vector<LedgerLine> anew;
    for (const auto& round : node_rounds(std::vector<PhaseWork>(mixed.begin(), mixed.end()))) {
        const auto priced = price_round("fl", round.round, round.nodes, test::round_figures(), home);
        anew.insert(anew.end(), priced.lines.begin(), priced.lines.end());
    }
    REQUIRE(anew.size() == lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) CHECK(to_json_line(anew[i]) == to_json_line(lines[i]));
}

TEST_CASE("The coordinator's work is no node's")
{
    const auto rounds = node_rounds(std::vector<PhaseWork>{{4, 1, Phase::download, {.bytes_down = 10'000'000}},
                                                           {4, 1, Phase::train, two_nodes[0].train},
                                                           {std::nullopt, 1, Phase::aggregate, two_nodes[1].train}});
    REQUIRE(rounds.size() == 1);
    REQUIRE(rounds[0].nodes.size() == 1);
    CHECK(rounds[0].nodes[0].node == 4);
    CHECK(rounds[0].nodes[0].bytes_down == 10'000'000);
    CHECK(rounds[0].nodes[0].train == two_nodes[0].train);
}
