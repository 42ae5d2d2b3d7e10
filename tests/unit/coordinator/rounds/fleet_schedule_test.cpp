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
energy::Work work_of(std::uint64_t samples, std::uint64_t steps)
{
    return {.samples = samples, .steps = steps, .flops = steps * 1'000'000'000};
}

energy::Work trained(std::uint32_t, learning::LocalEpochs done) { return work_of(done.samples_seen, done.steps); }

energy::NodeRound share(std::uint32_t node)
{
    auto work = work_of(0, 5);
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
    [[nodiscard]] ScheduledRound next(std::uint32_t round, double now) const
    {
        return std::get<ScheduledRound>(schedule().next(round, Seconds{now}));
    }

    fleet::Fleet fleet;
    spec::Federated rule;
};

Nodes nodes_of(const ScheduledRound& round)
{
    Nodes nodes;
    for (const auto& share : round.delivered) nodes.push_back(share.node);
    return nodes;
}

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
        const auto scheduled = std::get<ScheduledRound>(schedule.next(round, Seconds{100}));
        CHECK(nodes_of(scheduled) == draw_cohort(1, round, 100, 20));
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
    const auto scheduled = over.next(1, 0);
    CHECK(nodes_of(scheduled) == Nodes{0, 1, 2, 3, 4, 5, 6});
    REQUIRE(scheduled.lost.size() == 3);
    CHECK(scheduled.lost.front().train.steps == 5);
    CHECK(scheduled.lost.front().bytes_up == 10'000'000);
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
    const auto scheduled = leaving.next(1, 0);
    CHECK(nodes_of(scheduled) == Nodes{3});
    CHECK(scheduled.times.lasted.count() == Approx(17));
    CHECK(scheduled.lost_updates == 3);
    REQUIRE(scheduled.lost.size() == 3);
    CHECK(scheduled.lost[0].bytes_down == 10'000'000);
    CHECK(scheduled.lost[0].train == work_of(0, 3));
    CHECK(scheduled.lost[0].bytes_up == 0);
    CHECK(scheduled.lost[1].train == work_of(0, 5));
    CHECK(scheduled.lost[1].bytes_up == 6'250'000);
    CHECK(scheduled.lost[2].bytes_down == 2'500'000);
    CHECK(scheduled.lost[2].train == energy::Work{});
}

TEST_CASE("A round waits until its quorum is there")
{
    const Scheduled waiting{R"([{"device": "d", "share": 1, "availability":
        {"windows": [[0, 0, 1000], [1, 300, 1000], [2, 500, 1000]]}}])",
                            rule_of(3)};  // two of three
    const auto scheduled = waiting.next(1, 20);
    CHECK(scheduled.times.waited.count() == Approx(280));
    CHECK(nodes_of(scheduled) == Nodes{0, 1});
    CHECK(std::holds_alternative<NoRound>(waiting.schedule().next(1, Seconds{1000})));  // nobody will come
}

TEST_CASE("A round that too few deliver in comes to nothing, and what it took is lost")
{
    // Two of three are needed, and node 1 leaves after 5 s.
    const Scheduled failing{R"([{"device": "d", "share": 1, "availability": {"windows": [[0, 0, 1000], [1, 0, 5]]}}])",
                            rule_of(3)};
    const auto scheduled = failing.next(1, 0);
    CHECK(scheduled.delivered.empty());
    CHECK(scheduled.times.lasted.count() == Approx(17));
    CHECK(scheduled.lost_updates == 2);
    REQUIRE(scheduled.lost.size() == 2);
    CHECK(scheduled.lost[0].node == 0);
    CHECK(scheduled.lost[0].train.steps == 5);  // it had delivered
    CHECK(scheduled.lost[1].node == 1);
    CHECK(scheduled.lost[1].train.steps == 1);

    auto rule = rule_of(10);
    rule.virtual_deadline_s = 10;
    const Scheduled hopeless{alike, rule};
    CHECK(hopeless.next(1, 0).delivered.empty());
    CHECK(hopeless.next(1, 0).times.lasted.count() == Approx(10));
}

TEST_CASE("With partial work a node that would be late does the steps that fit, and one that has time for none is late")
{
    // 4 s of download, 5 steps of a second, 8 s of upload.
    auto rule = rule_of(3);
    rule.virtual_deadline_s = 15.5;
    const Scheduled short_of_time{alike, rule};
    auto schedule = short_of_time.schedule();
    schedule.take_partial_work([](std::uint32_t, std::uint64_t steps) { return work_of(10 * steps, steps); });
    const auto scheduled = std::get<ScheduledRound>(schedule.next(1, Seconds{}));
    CHECK(nodes_of(scheduled) == Nodes{0, 1, 2});
    CHECK(scheduled.times.lasted.count() == Approx(15));
    CHECK(scheduled.delivered.front().train == work_of(30, 3));
    CHECK(scheduled.most_steps.at(2) == 3);

    rule.virtual_deadline_s = 12.5;
    const Scheduled hopeless{alike, rule};
    auto none = hopeless.schedule();
    none.take_partial_work([](std::uint32_t, std::uint64_t steps) { return work_of(10 * steps, steps); });
    const auto late = std::get<ScheduledRound>(none.next(1, Seconds{}));
    CHECK(late.delivered.empty());
    CHECK(late.most_steps.empty());
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
        const auto scheduled = std::get<ScheduledRound>(one.next(round, now)),
                   again = std::get<ScheduledRound>(other.next(round, now));
        CHECK(scheduled.delivered == again.delivered);
        CHECK(scheduled.lost == again.lost);
        CHECK(scheduled.times == again.times);
        CHECK(scheduled.delivered.size() <= 15);
        CHECK((scheduled.delivered.empty() || scheduled.delivered.size() >= spec::virtual_quorum(rule)));
        now += scheduled.times.waited + scheduled.times.lasted;
    }
}

namespace {

/// Nodes that hold 10 samples each and draw 100 J a round, all in one place without a grid.
class EqualNodes final : public NodeFacts {
public:
    explicit EqualNodes(std::uint32_t nodes) : nodes_{nodes} {}

    [[nodiscard]] std::uint32_t nodes() const override { return nodes_; }
    [[nodiscard]] std::uint64_t samples(std::uint32_t) const override { return 10; }
    [[nodiscard]] Joules joules(std::uint32_t) const override { return Joules{100}; }
    [[nodiscard]] Seconds seconds(std::uint32_t) const override { return Seconds{17}; }
    [[nodiscard]] std::uint32_t places() const override { return 1; }
    [[nodiscard]] std::uint32_t place(std::uint32_t) const override { return 0; }
    [[nodiscard]] std::optional<GramsPerKilowattHour> intensity(std::uint32_t, Seconds) const override
    {
        return std::nullopt;
    }

private:
    std::uint32_t nodes_;
};

}  // namespace

TEST_CASE("Candidates download and evaluate before the round, chosen or not, and the chosen don't download again")
{
    auto rule = rule_of(10, 0.2);
    rule.selection.policy = spec::SelectionKind::power_of_choice;
    rule.selection.candidates = 4;
    const Scheduled fleet{alike, rule};
    const EqualNodes facts{10};
    const spec::Training training{"fl", rule};
    const Selector selector{training, 1, facts};
    auto schedule = fleet.schedule();
    std::vector<std::uint32_t> asked;
    // A forward pass is 2 GFLOP, so that a candidate takes 4 + 2 s; the loss is the node's number.
    schedule.choose_by(
        selector, [](std::uint64_t samples) { return energy::Work{.samples = samples, .flops = 2'000'000'000}; },
        [&](std::uint32_t, std::span<const Probe> probes) {
            std::vector<ProbedLoss> losses;
            for (const auto& probe : probes) {
                asked.push_back(probe.node);
                losses.push_back({probe.node, static_cast<double>(probe.node)});
            }
            return losses;
        });
    const auto scheduled = std::get<ScheduledRound>(schedule.next(1, Seconds{}));
    REQUIRE(asked.size() == 4);
    CHECK(nodes_of(scheduled) == Nodes{asked[2], asked[3]});
    CHECK(scheduled.cohort == Nodes{asked[2], asked[3]});
    CHECK(scheduled.times.lasted.count() == Approx(6 + 5 + 8));
    CHECK(scheduled.delivered.front().bytes_down == 10'000'000);
    CHECK(scheduled.delivered.front().train.flops == 7'000'000'000);
    CHECK(scheduled.busy.front().count() == Approx(19));
    CHECK(scheduled.lost_updates == 0);
    REQUIRE(scheduled.lost.size() == 2);
    CHECK(scheduled.lost.front().node == asked[0]);
    CHECK(scheduled.lost.front().train.flops == 2'000'000'000);
    CHECK(scheduled.lost.front().bytes_up == 0);
}

TEST_CASE("A selection that lets nobody take part again ends the training with its reason")
{
    auto rule = rule_of(4);
    rule.selection.max_participations = 1;
    const Scheduled fleet{alike, rule};
    const EqualNodes facts{4};
    const spec::Training training{"fl", rule};
    Selector selector{training, 1, facts};
    auto schedule = fleet.schedule();
    schedule.choose_by(selector, {}, {});
    const auto first = std::get<ScheduledRound>(schedule.next(1, Seconds{}));
    CHECK(nodes_of(first) == Nodes{0, 1, 2, 3});
    selector.learn({1, first.began, {{0, {}}, {1, {}}, {2, {}}, {3, {}}}, {}});
    const auto second = schedule.next(2, Seconds{100});
    CHECK_THAT(std::get<NoRound>(second).reason, Catch::Contains("max_participations"));
}
