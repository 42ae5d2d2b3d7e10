#include "common/energy/work/training_work.hpp"

#include <optional>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/support/sample_work.hpp"

using namespace fedgram;
using namespace fedgram::energy;

namespace {

Work trained(std::uint64_t flops) { return {.samples = 10, .steps = 1, .flops = flops}; }

// Nodes 0 to 4 and 7 do the same, node 9 twice as much.
std::vector<NodeRound> seven_nodes()
{
    std::vector<NodeRound> nodes;
    for (const std::uint32_t node : {0, 1, 2, 3, 4, 7}) nodes.push_back({node, trained(100), 8, 8});
    nodes.push_back({9, trained(200), 8, 8});
    return nodes;
}

std::vector<NodeRange> ranges_of(const NodeRanges& nodes)
{
    std::vector<NodeRange> ranges;
    NodeRanges::Reader reader{nodes};
    while (const auto range = reader.next()) ranges.push_back(*range);
    return ranges;
}

}  // namespace

TEST_CASE("Equal nodes and equal rounds are there once")
{
    const auto work = test::work_of({{1, seven_nodes()}, {2, seven_nodes()}, {5, test::two_nodes()}});
    REQUIRE(work.works.size() == 4);
    CHECK(work.works[0] == Work{.samples = 10, .steps = 1, .flops = 100, .bytes_down = 8, .bytes_up = 8});
    REQUIRE(work.deals.size() == 2);
    CHECK(work.deals[0] == TrainingWork::Deal{{0, 6}, {1, 1}});
    CHECK(work.deals[1] == TrainingWork::Deal{{2, 1}, {3, 1}});
    REQUIRE(work.cohorts.size() == 2);
    CHECK(work.cohorts[0].size() == 7);
    CHECK((ranges_of(work.cohorts[0]) == std::vector<NodeRange>{{0, 5}, {7, 1}, {9, 1}}));
    CHECK(work.cohorts[0].bytes().size() == 6);  // a byte for each gap, and for each length
    CHECK(work.rounds == std::vector<TrainingWork::Round>{{1, 0, 0}, {2, 0, 0}, {5, 1, 1}});
    CHECK(work.last_round() == 5);
    CHECK(work.trained().flops == 2 * (6 * 100 + 200) + 8'000'000'000);
    CHECK(work.trained().bytes_up == 0);
    CHECK(work.sum().bytes_up == 2 * 7 * 8 + 20'000'000);
    const auto rounds = work.node_rounds();
    REQUIRE(rounds.size() == 3);
    CHECK(rounds[1].nodes == seven_nodes());
    CHECK(rounds[2].nodes == test::two_nodes());
}

TEST_CASE("What updates took that were used has their bytes, and none of those that were lost")
{
    TrainingWorkBuilder builder;
    builder.add(1, seven_nodes());
    builder.add(1, test::two_nodes(), Updates::lost);
    builder.add(2, test::two_nodes());
    const auto used = builder.finish().used();
    CHECK(used.node_rounds == 9);
    CHECK(used.work == Work{.samples = 70,
                            .steps = 7,
                            .flops = 6 * 100 + 200 + 8'000'000'000,
                            .bytes_down = 7 * 8 + 20'000'000,
                            .bytes_up = 7 * 8 + 20'000'000});
    CHECK(TrainingWork{}.used().node_rounds == 0);
}

TEST_CASE("The lines of a ledger add up to the same, in any order")
{
    std::vector<PhaseWork> lines;
    for (std::uint32_t round = 1; round <= 2; ++round) {
        for (const auto& node : seven_nodes()) {
            lines.push_back({node.node, round, Phase::download, {.bytes_down = node.bytes_down}});
            lines.push_back({node.node, round, Phase::train, node.train});
            lines.push_back({node.node, round, Phase::upload, {.bytes_up = node.bytes_up}});
        }
        lines.push_back({std::nullopt, round, Phase::aggregate, trained(7)});
    }
    const auto work = training_work(lines);
    CHECK(work.rounds == std::vector<TrainingWork::Round>{{1, 0, 0}, {2, 0, 0}});
    CHECK(work.own == std::vector<TrainingWork::Own>{{1, Phase::aggregate, 2}, {2, Phase::aggregate, 2}});
    CHECK(work.sum().flops == work.trained().flops + 14);

    TrainingWorkBuilder by_round;
    for (std::uint32_t round = 1; round <= 2; ++round) {
        by_round.add(round, seven_nodes());
        by_round.add({std::nullopt, round, Phase::aggregate, trained(7)});
    }
    CHECK(by_round.finish() == work);

    const std::vector<PhaseWork> backwards(lines.rbegin(), lines.rend());
    std::vector<PhaseWork> by_phase;
    for (const auto phase : {Phase::upload, Phase::aggregate, Phase::train, Phase::download})
        for (const auto& line : lines)
            if (line.phase == phase) by_phase.push_back(line);
    for (const auto& mixed : {backwards, by_phase}) {
        const auto rounds = training_work(mixed).node_rounds();
        REQUIRE(rounds.size() == 2);
        CHECK(rounds[0].nodes == seven_nodes());
        CHECK(rounds[1].nodes == seven_nodes());
        CHECK(training_work(mixed).sum() == work.sum());
    }
}

TEST_CASE("What came after a round is cut off with what the coordinator did in it")
{
    auto work = test::federated_work(3);
    work.own = {{2, Phase::evaluate, 0}, {3, Phase::evaluate, 0}};
    work.cut_off_behind(2);
    CHECK(work.rounds.size() == 2);
    CHECK(work.own.size() == 1);
    CHECK(work.last_round() == 2);
    CHECK_FALSE(work.empty());
    CHECK(TrainingWork{}.empty());
    CHECK(TrainingWork{}.last_round() == 0);
}

TEST_CASE("Bytes that are no ranges of nodes are refused")
{
    NodeRanges nodes;
    nodes.append({200, 300});
    nodes.append({1'000, 1});
    const auto read = NodeRanges::parse(nodes.bytes());
    REQUIRE(read);
    CHECK(*read == nodes);
    CHECK_FALSE(NodeRanges::parse(nodes.bytes().substr(0, nodes.bytes().size() - 1)));  // a gap without a length
    CHECK_FALSE(NodeRanges::parse("\x80"));
    NodeRanges beyond;
    beyond.append({NodeRanges::limit - 1, 2});
    CHECK_FALSE(NodeRanges::parse(beyond.bytes()));
}
