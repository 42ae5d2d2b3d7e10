#include "common/energy/pricing/training_energy.hpp"

#include <catch2/catch.hpp>

#include "common/random/stream.hpp"
#include "tests/support/sample_work.hpp"

using namespace fedgram;
using namespace fedgram::energy;

namespace {

// A round after the other and a node after the other, as the figures were summed before nodes were put together.
FederatedCourse one_by_one(const std::vector<RoundWork>& rounds, const DeviceProfile& edge, const Link& link,
                           std::size_t groups)
{
    FederatedCourse course;
    course.groups.resize(groups);
    for (const auto& round : rounds) {
        const auto priced = price(round.nodes, edge, link);
        course.sum.virtual_time += priced.virtual_time;
        for (auto& group : course.groups) {
            group.intervals.emplace_back().virtual_time = priced.virtual_time;
            group.sum.virtual_time += priced.virtual_time;
        }
        for (std::size_t i = 0; i < round.nodes.size(); ++i) {
            const auto& node = round.nodes[i];
            auto& group = course.groups[node.node % groups];
            group.intervals.back().add(node, priced.nodes[i]);
            group.sum.add(node, priced.nodes[i]);
            course.sum.add(node, priced.nodes[i]);
        }
    }
    return course;
}

// Cohorts of up to 200 nodes, whose works are of `kinds` kinds, in runs.
std::vector<RoundWork> drawn_rounds(Stream& random, std::uint64_t kinds)
{
    std::vector<RoundWork> rounds;
    for (std::uint32_t round = 1; round <= 12; ++round) {
        if (round > 1 && random.below(2) == 0) {
            rounds.push_back({round, rounds.back().nodes});
            continue;
        }
        rounds.push_back({round, {}});
        std::uint64_t kind = 0;
        for (std::uint32_t node = 0; node < 200; ++node) {
            if (random.below(20) == 0) kind = random.below(kinds);
            if (random.below(10) == 0) continue;
            rounds.back().nodes.push_back({node, {.flops = 123'456'789 * (kind + 1)}, 1'000'001, 333'333 * (kind + 2)});
        }
    }
    return rounds;
}

}  // namespace

TEST_CASE("Nodes that are priced together cost what they do one by one, to the last bit")
{
    Stream random{3, Purpose::subset};
    for (int i = 0; i < 60; ++i) {
        const auto rounds = drawn_rounds(random, 1 + random.below(5));
        const auto groups = 1 + static_cast<std::size_t>(random.below(5));
        const auto expected = one_by_one(rounds, test::round_figures(), test::home_line, groups);
        const auto work = test::work_of(rounds);
        const auto course = federated_course(work, test::round_figures(), test::home_line, groups);
        CHECK(course.sum == expected.sum);
        CHECK(federated_energy(work, test::round_figures(), test::home_line) == expected.sum);
        REQUIRE(course.groups.size() == groups);
        for (std::size_t group = 0; group < groups; ++group) {
            CHECK(course.groups[group].sum == expected.groups[group].sum);
            CHECK(course.groups[group].intervals == expected.groups[group].intervals);
        }
    }
}

TEST_CASE("A federated training's energy is the sum over nodes, by phase")
{
    const auto energy = federated_energy(test::federated_work(), test::round_figures(), test::home_line);
    CHECK(energy.download.count() == Approx(32));
    CHECK(energy.train.count() == Approx(80));
    CHECK(energy.upload.count() == Approx(64));
    CHECK(energy.idle.count() == Approx(4));
    CHECK(energy.busy.count() == Approx(32));  // 2 x 12 s of transfers, 3 + 5 s of training
    CHECK(energy.waiting.count() == Approx(2));
    CHECK(energy.virtual_time.count() == Approx(17));
    CHECK(energy.bytes_down == 20'000'000);
    CHECK(energy.bytes_up == 20'000'000);
}

TEST_CASE("A federated training's course is by group of nodes and round; all groups wait for the slowest node")
{
    const auto course = federated_course(test::federated_work(3), test::round_figures(), test::home_line, 2);
    REQUIRE(course.groups.size() == 2);
    for (const auto& group : course.groups) {
        REQUIRE(group.intervals.size() == 3);
        CHECK(group.intervals[1].virtual_time.count() == Approx(17));
        CHECK(group.sum.virtual_time.count() == Approx(51));
        CHECK(group.sum.bytes_up == 30'000'000);
    }
    // Node 0 trains for 3 s at 10 W and waits 2 s at 2 W; node 1 trains for 5 s and doesn't wait.
    CHECK(course.groups[0].intervals[2].train.count() == Approx(30));
    CHECK(course.groups[0].intervals[2].idle.count() == Approx(4));
    CHECK(course.groups[1].sum.train.count() == Approx(150));
    CHECK(course.groups[1].sum.idle.count() == 0);
    CHECK(course.sum.train.count() == Approx(240));
    CHECK(course.sum.idle.count() == Approx(12));
    CHECK(course.sum.virtual_time.count() == Approx(51));
}

TEST_CASE("A group of which no node took part draws nothing and takes as long")
{
    const auto course = federated_course(test::federated_work(), test::round_figures(), test::home_line, 3);
    REQUIRE(course.groups.size() == 3);
    CHECK(course.groups[2].sum.train == Joules{});
    CHECK(course.groups[2].sum.virtual_time.count() == Approx(17));
}

TEST_CASE("A centralized training counts its training alone; evaluation stands apart")
{
    const auto work = training_work(test::centralized_phases());
    const auto energy = centralized_course(work, test::gpu()).sum;
    CHECK(energy.train.count() == Approx(3600));
    CHECK(energy.virtual_time.count() == Approx(10));
    CHECK(coordinator_energy(work, test::gpu()).count() == Approx(360));
}

TEST_CASE("A centralized training's course is by evaluation interval")
{
    auto work = test::centralized_phases();
    work.push_back(work.front());
    work.back().round = 2;
    work.back().work.flops *= 2;
    const auto course = centralized_course(training_work(work), test::gpu());
    REQUIRE(course.intervals.size() == 2);
    CHECK(course.intervals[1].virtual_time.count() == Approx(20));
    CHECK(course.intervals[1].train.count() == Approx(7200));
    CHECK(course.sum.train.count() == Approx(10'800));
}
