#include "common/run/ledger_lines.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "common/energy/pricing/training_energy.hpp"
#include "tests/support/sample_work.hpp"

using namespace fedgram;
using energy::Phase;
using energy::Work;
using energy::test::home_line;
using energy::test::round_figures;

namespace {

std::vector<run::LedgerLine> lines_of_round(std::uint32_t round, std::span<const energy::NodeRound> nodes)
{
    return run::round_lines({"fl", round, nodes, energy::price(nodes, round_figures(), home_line), round_figures()});
}

}  // namespace

TEST_CASE("A priced round is four lines for each node")
{
    const auto nodes = energy::test::two_nodes();
    const auto lines = lines_of_round(2, nodes);
    REQUIRE(lines.size() == 8);
    const auto check = [&](std::size_t at, std::uint32_t node, Phase phase, double seconds, double joules) {
        const auto& line = lines[at];
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
    check(0, 0, Phase::download, 4, 16);
    check(1, 0, Phase::train, 3, 30);
    check(2, 0, Phase::upload, 8, 32);
    check(3, 0, Phase::idle, 2, 4);
    check(4, 1, Phase::download, 4, 16);
    check(5, 1, Phase::train, 5, 50);
    check(6, 1, Phase::upload, 8, 32);
    check(7, 1, Phase::idle, 0, 0);
    CHECK(lines[0].work == Work{.bytes_down = 10'000'000});
    CHECK(lines[1].work == nodes[0].train);
    CHECK(lines[2].work == Work{.bytes_up = 10'000'000});
    CHECK(lines[3].work == Work{});
}

TEST_CASE("Bytes count once: those inside a node's training work are left out")
{
    auto nodes = energy::test::two_nodes();
    nodes[0].train.bytes_down = nodes[0].train.bytes_up = 10'000'000;
    const auto lines = lines_of_round(1, nodes);
    CHECK(lines[1].work.bytes_down == 0);
    CHECK(lines[1].work.bytes_up == 0);
}

TEST_CASE("The line of a phase of the coordinator names no node")
{
    const auto line =
        run::phase_line("central", {std::nullopt, 3, Phase::evaluate, {.flops = 2'000'000'000}}, energy::test::gpu());
    CHECK(line.seconds.count() == Approx(2));
    CHECK(line.joules.count() == Approx(720));
    CHECK_FALSE(line.node.has_value());
    CHECK(line.round == 3);
    CHECK(line.phase == Phase::evaluate);
    CHECK(line.boundary == "board");
}

// Two nodes: 2 x 16 J down, 30 + 50 J of training, 2 x 32 J up, 4 J of waiting.
TEST_CASE("Ledger, live progress and table have the same joules of the same Work")
{
    const auto nodes = energy::test::two_nodes();
    const auto priced = energy::price(nodes, round_figures(), home_line);
    const auto lines = run::round_lines({"fl", 1, nodes, priced, round_figures()});
    Joules ledger;
    for (const auto& line : lines) ledger += line.joules;
    CHECK(ledger.count() == Approx(180));

    const auto live = energy::round_energy(nodes, priced, 1).front();
    const auto table = energy::federated_energy(
        energy::training_work(std::vector<energy::PhaseWork>(lines.begin(), lines.end())), round_figures(), home_line);
    for (const auto& sum : {live, table}) {
        CHECK(sum.download.count() == 32);
        CHECK(sum.train.count() == 80);
        CHECK(sum.upload.count() == 64);
        CHECK(sum.idle.count() == 4);
        CHECK((sum.download + sum.train + sum.upload + sum.idle).count() == ledger.count());
        CHECK(sum.virtual_time == priced.virtual_time);
    }
}

TEST_CASE("A ledger priced anew on its own device and link gives its own lines, in any order of lines")
{
    const auto nodes = energy::test::two_nodes();
    auto lines = lines_of_round(1, nodes);
    std::ranges::move(lines_of_round(2, nodes), std::back_inserter(lines));
    const std::vector<energy::PhaseWork> mixed(lines.rbegin(), lines.rend());

    std::vector<run::LedgerLine> anew;
    const auto rounds = energy::training_work(mixed).node_rounds();
    for (const auto& round : rounds)
        std::ranges::move(lines_of_round(round.round, round.nodes), std::back_inserter(anew));
    CHECK(anew == lines);
}
