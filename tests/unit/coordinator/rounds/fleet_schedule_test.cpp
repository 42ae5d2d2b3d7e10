#include "coordinator/rounds/fleet_schedule.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "common/spec/resolve.hpp"
#include "coordinator/selection/cohort.hpp"
#include "tests/unit/fleet/fleet_json.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;
using Nodes = std::vector<std::uint32_t>;

namespace {

// 10 MB are 4 s down and 8 s up; 5 steps of a GFLOP are 5 s: 17 s in all on the device of round figures.
energy::Work trained(std::uint64_t samples, std::uint64_t steps)
{
    return {.samples = samples, .steps = steps, .flops = steps * 1'000'000'000};
}

energy::NodeRound share(std::uint32_t node)
{
    auto work = trained(0, 5);
    work.samples = 0;
    return {node, work, 10'000'000, 10'000'000};
}

struct Scheduled {
    Scheduled(const std::string& fleet_json, spec::Federated stated)
        : fleet{fleet::test::parse(fleet_json, stated.nodes)}, rule{std::move(stated)}
    {
        // Loading and launching take no time, so that seconds are easy to work out.
        auto groups = fleet.devices.groups();
        for (auto& group : groups) {
            group.device.loading_s.value = 0;
            group.device.step_overhead_s.value = 0;
        }
        fleet.devices = energy::NodeDevices{groups, 1};
    }

    [[nodiscard]] FleetSchedule schedule() const { return {fleet, rule, 1, share, trained}; }

    fleet::Fleet fleet;
    spec::Federated rule;
};

spec::Federated rule_of(std::uint32_t nodes, double fraction = 1)
{
    spec::Federated rule;
    rule.nodes = nodes;
    rule.client_fraction = fraction;
    return rule;
}

const std::string alike = R"([{"device": "d", "share": 1}])";

}  // namespace

TEST_CASE("Where all are there and nothing ends a round, its nodes are those of any other training")
{
    const Scheduled all{alike, rule_of(100, 0.2)};
    const auto schedule = all.schedule();
    for (std::uint32_t round = 1; round <= 5; ++round) {
        const auto scheduled = schedule.next(round, Seconds{100}).value();
        CHECK(scheduled.delivered == draw_cohort(1, round, 100, 20));
        CHECK(scheduled.times.waited == Seconds{0});
        CHECK(scheduled.times.lasted.count() == Approx(17));
        CHECK(scheduled.lost.empty());
    }
}

TEST_CASE("A goal leaves the cohort's others with all of their work done, for equal nodes")
{
    auto rule = rule_of(10);
    rule.goal = 7;
    const Scheduled over{alike, rule};
    const auto scheduled = over.schedule().next(1, Seconds{}).value();
    CHECK(scheduled.delivered == Nodes{0, 1, 2, 3, 4, 5, 6});
    REQUIRE(scheduled.lost.size() == 3);
    CHECK(scheduled.lost.front().train.steps == 5);
    CHECK(scheduled.lost.front().bytes_up == 10'000'000);
    CHECK(scheduled.left == 0);
}

TEST_CASE("Who leaves in the middle of a round has done a part: whole steps, and bytes by time")
{
    // Node 0 leaves after 7.5 s: 4 s of download and 3.5 of 5 s of training. Node 1 after 14 s: 5 of 8 s of upload.
    // Node 2 after 1 s: a quarter of the download.
    auto rule = rule_of(4);
    rule.quorum = 0.25;
    const Scheduled leaving{R"([{"device": "d", "share": 1, "availability":
        {"windows": [[0, 0, 7.5], [1, 0, 14], [2, 0, 1], [3, 0, 1000]]}}])",
                            rule};
    const auto scheduled = leaving.schedule().next(1, Seconds{}).value();
    CHECK(scheduled.delivered == Nodes{3});
    CHECK(scheduled.times.lasted.count() == Approx(17));
    CHECK(scheduled.left == 3);
    REQUIRE(scheduled.lost.size() == 3);
    CHECK(scheduled.lost[0].bytes_down == 10'000'000);
    CHECK(scheduled.lost[0].train == trained(0, 3));
    CHECK(scheduled.lost[0].bytes_up == 0);
    CHECK(scheduled.lost[1].train == trained(0, 5));
    CHECK(scheduled.lost[1].bytes_up == 6'250'000);
    CHECK(scheduled.lost[2].bytes_down == 2'500'000);
    CHECK(scheduled.lost[2].train == energy::Work{});
}

TEST_CASE("A round waits until its quorum is there")
{
    const Scheduled waiting{R"([{"device": "d", "share": 1, "availability":
        {"windows": [[0, 0, 1000], [1, 300, 1000], [2, 500, 1000]]}}])",
                            rule_of(3)};  // two of three
    const auto scheduled = waiting.schedule().next(1, Seconds{20}).value();
    CHECK(scheduled.times.waited.count() == Approx(280));
    CHECK(scheduled.delivered == Nodes{0, 1});
    CHECK_FALSE(waiting.schedule().next(1, Seconds{1000}));  // nobody will come
}

TEST_CASE("An attempt that too few deliver in is made anew with others, and what it took is lost")
{
    // Two of three are needed. At first 0 and 1 are there, and 1 leaves; then all are.
    const Scheduled failing{R"([{"device": "d", "share": 1, "availability":
        {"windows": [[0, 0, 1000], [1, 0, 5], [1, 100, 1000], [2, 200, 1000]]}}])",
                            rule_of(3)};
    const auto scheduled = failing.schedule().next(1, Seconds{}).value();
    CHECK(scheduled.failed_attempts == 1);
    CHECK(scheduled.times.waited.count() == Approx(100));
    CHECK(scheduled.delivered == Nodes{0, 1});
    REQUIRE(scheduled.lost.size() == 2);
    CHECK(scheduled.lost[0].node == 0);
    CHECK(scheduled.lost[0].train.steps == 5);  // it had delivered
    CHECK(scheduled.lost[1].node == 1);
    CHECK(scheduled.lost[1].train.steps == 1);
}

TEST_CASE("A deadline that nobody keeps ends the training")
{
    auto rule = rule_of(10);
    rule.virtual_deadline_s = 10;
    const Scheduled hopeless{alike, rule};
    CHECK_FALSE(hopeless.schedule().next(1, Seconds{}));
}

TEST_CASE("A schedule follows from seed, round and time alone")
{
    auto rule = rule_of(200, 0.1);
    rule.goal = 15;
    const Scheduled fleet{R"([
        {"name": "a", "device": "d", "share": 0.5, "speed_deviation": 0.5,
         "availability": {"daily": {"from_h": 22, "until_h": 6, "spread_h": 1}}},
        {"name": "b", "device": "d", "share": 0.5, "availability": {"on_off": {"mean_on_h": 0.1, "mean_off_h": 0.1}}}])",
                          rule};
    const auto one = fleet.schedule(), other = fleet.schedule();
    Seconds now;
    for (std::uint32_t round = 1; round <= 20; ++round) {
        const auto scheduled = one.next(round, now).value(), again = other.next(round, now).value();
        CHECK(scheduled.delivered == again.delivered);
        CHECK(scheduled.lost == again.lost);
        CHECK(scheduled.times == again.times);
        CHECK(scheduled.delivered.size() <= 15);
        CHECK(scheduled.delivered.size() >= spec::virtual_quorum(rule));
        now += scheduled.times.waited + scheduled.times.lasted;
    }
}
