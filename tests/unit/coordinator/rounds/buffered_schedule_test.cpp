#include "coordinator/rounds/buffered_schedule.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "coordinator/selection/cohort.hpp"
#include "tests/unit/fleet/fleet_json.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;
using Nodes = std::vector<std::uint32_t>;

namespace {

/// A node downloads for 4 s, trains for the seconds that `train_s` has of it, and uploads for 8 s.
struct Buffered {
    Buffered(const std::string& fleet_json, std::vector<std::uint64_t> train_s, spec::Buffered stated)
        : fleet{fleet::test::parse(fleet_json, static_cast<std::uint32_t>(train_s.size()))}, train{std::move(train_s)}
    {
        auto groups = fleet.devices.groups();
        for (auto& group : groups) group.device.loading_s.value = group.device.step_overhead_s.value = 0;
        fleet.devices = energy::NodeDevices{groups, 1};
        rule.nodes = static_cast<std::uint32_t>(train.size());
        rule.buffered = stated;
    }

    [[nodiscard]] BufferedSchedule schedule() const
    {
        return {fleet, rule, 1, [this](std::uint32_t node) {
                    return energy::NodeRound{node, {.flops = train[node] * 1'000'000'000}, 10'000'000, 10'000'000};
                }};
    }

    fleet::Fleet fleet;
    std::vector<std::uint64_t> train;
    spec::Federated rule;
};

const std::string alike = R"([{"device": "d", "share": 1}])";

Nodes nodes_of(const std::vector<BufferedTask>& tasks)
{
    Nodes nodes;
    for (const auto& task : tasks) nodes.push_back(task.node);
    return nodes;
}

Nodes versions_of(const std::vector<BufferedTask>& tasks)
{
    Nodes versions;
    for (const auto& task : tasks) versions.push_back(task.version);
    return versions;
}

Flush next(BufferedSchedule& schedule)
{
    Flush flush;
    REQUIRE_FALSE(schedule.next(flush));
    return flush;
}

}  // namespace

TEST_CASE("Two nodes, the second twice as slow, and a buffer of one: the fast one's updates make the versions")
{
    // 12 + 3 s and 12 + 18 s. Flushes at 15, 30 (the fast one again, then the slow one), 45.
    const Buffered two{alike, {3, 18}, {.concurrency = 2, .buffer = 1}};
    auto schedule = two.schedule();
    const auto first = next(schedule);
    CHECK(first.lasted.count() == Approx(15));
    CHECK(first.started.size() == 2);
    CHECK(nodes_of(first.taken) == Nodes{0});

    const auto second = next(schedule);
    CHECK(second.began.count() == Approx(15));
    CHECK(second.lasted.count() == Approx(15));
    CHECK(nodes_of(second.started) == Nodes{0});
    CHECK(nodes_of(second.taken) == Nodes{0});  // of equally early ones the lower number
    CHECK(versions_of(second.taken) == Nodes{1});

    const auto third = next(schedule);
    CHECK(third.lasted.count() == Approx(0));  // the slow one's comes at the same instant, and nothing begins before it
    CHECK(third.started.empty());
    CHECK(nodes_of(third.taken) == Nodes{1});
    CHECK(versions_of(third.taken) == Nodes{0});  // it is two versions old

    const auto fourth = next(schedule);
    CHECK(fourth.began.count() == Approx(30));
    CHECK(fourth.started.size() == 2);
    CHECK(nodes_of(schedule.running()) == Nodes{1});
}

TEST_CASE("What is staler than it may be is lost, and fills no buffer")
{
    const Buffered two{alike, {3, 18}, {.concurrency = 2, .buffer = 1, .staleness_exponent = 0, .max_staleness = 1}};
    auto schedule = two.schedule();
    static_cast<void>(next(schedule));
    static_cast<void>(next(schedule));
    const auto third = next(schedule);
    CHECK(nodes_of(third.lost) == Nodes{1});
    CHECK(third.lasted.count() == Approx(15));
    CHECK(nodes_of(third.taken) == Nodes{0});
}

TEST_CASE("With equal nodes and a buffer as large as the concurrency, flushes are the rounds of synchronous training")
{
    const Buffered equal{alike, std::vector<std::uint64_t>(40, 5), {.concurrency = 8, .buffer = 8}};
    auto schedule = equal.schedule();
    for (std::uint32_t round = 1; round <= 6; ++round) {
        const auto flush = next(schedule);
        auto started = nodes_of(flush.started);
        std::ranges::sort(started);
        CHECK(started == draw_cohort(1, round, 40, 8));
        CHECK(nodes_of(flush.taken) == started);
        CHECK(versions_of(flush.taken) == Nodes(8, round - 1));
        CHECK(flush.lasted.count() == Approx(17));
    }
}

TEST_CASE("As many train at once as may, each no more than once from a version, whoever is done makes room")
{
    const Buffered many{R"([{"device": "d", "share": 1, "speed_deviation": 0.8}])",
                        std::vector<std::uint64_t>(30, 10),
                        {.concurrency = 7, .buffer = 3}};
    auto schedule = many.schedule();
    std::size_t taken = 0, started = 0;
    for (int i = 0; i < 50; ++i) {
        const auto flush = next(schedule);
        auto nodes = nodes_of(flush.started);
        std::ranges::sort(nodes);
        CHECK(std::ranges::adjacent_find(nodes) == nodes.end());
        CHECK(flush.taken.size() == 3);
        taken += flush.taken.size();
        started += flush.started.size();
        // At a flush one slot is free: the next begins behind it.
        CHECK(schedule.running().size() == started - taken);
        CHECK(schedule.running().size() >= 4);
        for (const auto& task : flush.taken) CHECK(task.version < flush.number);
    }
}

TEST_CASE("A node that leaves is lost, and one that comes takes the place that is free")
{
    const Buffered coming{R"([{"device": "d", "share": 1, "availability":
        {"windows": [[0, 0, 10], [1, 0, 1000], [2, 12, 1000]]}}])",
                          {3, 3, 3},
                          {.concurrency = 2, .buffer = 2}};
    auto schedule = coming.schedule();
    const auto flush = next(schedule);  // 1 until 15 s; 2 from 12 to 27 s
    CHECK(nodes_of(flush.lost) == Nodes{0});
    CHECK(flush.lost.front().end.count() == 10);
    CHECK(nodes_of(flush.taken) == Nodes{1, 2});
    CHECK(flush.lasted.count() == Approx(27));
    const auto second = next(schedule);
    CHECK(nodes_of(second.taken) == Nodes{1, 2});
    CHECK(second.lasted.count() == Approx(15));
}

TEST_CASE("Nobody who will come any more ends the training")
{
    const Buffered over{R"([{"device": "d", "share": 1, "availability": {"windows": [[0, 0, 10], [1, 5, 9]]}}])",
                        {3, 3},
                        {.concurrency = 2, .buffer = 2}};
    auto schedule = over.schedule();
    Flush flush;
    CHECK(schedule.next(flush));
    CHECK(nodes_of(flush.lost) == Nodes{1, 0});  // both left
}
