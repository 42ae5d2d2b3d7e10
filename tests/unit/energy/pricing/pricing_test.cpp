#include "common/energy/pricing/pricing.hpp"

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
    const auto priced = price(two_nodes, test::round_figures(), home);
    CHECK(priced.virtual_time.count() == Approx(17));  // 4 + 5 + 8
    REQUIRE(priced.nodes.size() == 2);

    const auto check = [](const PhaseEnergy& phase, double seconds, double joules) {
        CHECK(phase.seconds.count() == Approx(seconds));
        CHECK(phase.joules.count() == Approx(joules));
    };
    check(priced.nodes[0].download, 4, 16);  // 4 W
    check(priced.nodes[0].train, 3, 30);     // 10 W
    check(priced.nodes[0].upload, 8, 32);
    check(priced.nodes[0].idle, 2, 4);  // 17 - 15 = 2 s at 2 W
    check(priced.nodes[1].download, 4, 16);
    check(priced.nodes[1].train, 5, 50);
    check(priced.nodes[1].upload, 8, 32);
    check(priced.nodes[1].idle, 0, 0);
    CHECK(priced.nodes[0].busy().count() == Approx(15));
}

TEST_CASE("A round without nodes takes no time")
{
    const auto priced = price({}, test::round_figures(), home);
    CHECK(priced.nodes.empty());
    CHECK(priced.virtual_time == Seconds{0});
}

TEST_CASE("A phase that computes is priced by its kernels and its work")
{
    // 50 kernels: 0.5 s at 5 W; then 2 s at 10 W.
    const auto priced = price(Work{.flops = 2'000'000'000, .kernels = 50}, test::round_figures());
    CHECK(priced.seconds.count() == Approx(2.5));
    CHECK(priced.joules.count() == Approx(22.5));
}

TEST_CASE("A link's rates are in megabits a second")
{
    CHECK(home.download_time(10'000'000).count() == Approx(4));
    CHECK(home.upload_time(10'000'000).count() == Approx(8));
    CHECK(home.upload_time(0) == Seconds{});
}

TEST_CASE("The coordinator's work is no node's")
{
    const auto rounds = training_work(std::vector<PhaseWork>{{4, 1, Phase::download, {.bytes_down = 10'000'000}},
                                                             {4, 1, Phase::train, two_nodes[0].train},
                                                             {std::nullopt, 1, Phase::aggregate, two_nodes[1].train}})
                            .node_rounds();
    REQUIRE(rounds.size() == 1);
    REQUIRE(rounds[0].nodes.size() == 1);
    CHECK(rounds[0].nodes[0].node == 4);
    CHECK(rounds[0].nodes[0].bytes_down == 10'000'000);
    CHECK(rounds[0].nodes[0].train == two_nodes[0].train);
}
