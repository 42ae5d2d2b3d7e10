#include "common/energy/pricing/fleet_pricing.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "tests/unit/energy/pricing/round_figures.hpp"

using namespace fedgram;
using namespace fedgram::energy;

namespace {

constexpr Link home{20, 10};  // Mbit/s down, up

NodeRound node_of(std::uint32_t node, std::uint64_t flops)
{
    NodeRound entry;
    entry.node = node;
    entry.train.flops = flops;
    entry.bytes_down = entry.bytes_up = 10'000'000;  // 4 s down and 8 s up at home
    return entry;
}

NodeGroup group(const std::string& name, std::uint32_t number)
{
    NodeGroup group;
    group.name = name;
    group.number = number;
    group.device = test::round_figures();
    group.link = home;
    return group;
}

/// A node of "near", and one of "far": twice the watts at full rate and half the link.
NodeDevices near_and_far()
{
    auto far = group("far", 1);
    far.device.id = "thirsty";
    far.device.full_w.value = 20;
    far.link = {10, 5};
    return {{group("near", 1), far}, 1};
}

std::uint32_t node_in(const NodeDevices& fleet, const std::string& name)
{
    return fleet.groups()[fleet.group_of(0)].name == name ? 0 : 1;
}

std::vector<NodeRound> round_of_both(const NodeDevices& fleet)
{
    const auto near = node_in(fleet, "near");
    std::vector<NodeRound> nodes{node_of(0, 0), node_of(1, 0)};
    nodes[near].train.flops = 3'000'000'000;
    nodes[1 - near].train.flops = 5'000'000'000;
    return nodes;
}

TrainingWork work_of(std::uint32_t rounds, const std::vector<NodeRound>& nodes, const std::vector<NodeRound>& lost = {})
{
    TrainingWorkBuilder builder;
    for (std::uint32_t round = 1; round <= rounds; ++round) {
        builder.add(round, nodes);
        if (!lost.empty()) builder.add(round, lost, Updates::lost);
    }
    return builder.finish();
}

}  // namespace

TEST_CASE("Each node is priced on its own device and link, and waits for the slowest")
{
    const auto fleet = near_and_far();
    const auto near = node_in(fleet, "near");
    const auto priced = price(round_of_both(fleet), FleetPricing{fleet});
    // Near: 4 + 3 + 8 s. Far: 8 + 5 + 16 s.
    CHECK(priced.virtual_time.count() == Approx(29));
    CHECK(priced.nodes[near].train.joules.count() == Approx(30));
    CHECK(priced.nodes[near].idle.seconds.count() == Approx(14));
    CHECK(priced.nodes[near].idle.joules.count() == Approx(28));
    CHECK(priced.nodes[1 - near].download.joules.count() == Approx(32));
    CHECK(priced.nodes[1 - near].train.joules.count() == Approx(100));
    CHECK(priced.nodes[1 - near].upload.joules.count() == Approx(64));
    CHECK(priced.nodes[1 - near].idle.joules.count() == Approx(0));
}

TEST_CASE("A node half as fast as its group takes twice the seconds and joules, and its link its own")
{
    auto slow = group("slow", 1);
    slow.speed_deviation = slow.download_deviation = slow.upload_deviation = 0.5;
    const NodeDevices fleet{{slow}, 7};
    const auto kind = fleet[0];
    const std::vector nodes{node_of(0, 3'000'000'000)};
    const auto priced = price(nodes, FleetPricing{fleet}).nodes.front();
    CHECK(priced.train.seconds.count() == Approx(3 / kind.speed));
    CHECK(priced.train.joules.count() == Approx(30 / kind.speed));
    CHECK(priced.download.seconds.count() == Approx(4 / kind.download));
    CHECK(priced.upload.joules.count() == Approx(32 / kind.upload));
}

TEST_CASE("A training is the sum of its rounds, group by group")
{
    const auto fleet = near_and_far();
    const auto nodes = round_of_both(fleet);
    const auto work = work_of(2, nodes);
    const auto course = FleetTraining{work, fleet, {}}.course(fleet.devices());
    REQUIRE(course.groups.size() == 2);
    const auto& far = course.groups[0];  // by name
    const auto& near = course.groups[1];
    CHECK(near.sum.train.count() == Approx(60));
    CHECK(near.sum.waiting.count() == Approx(28));
    CHECK(far.sum.train.count() == Approx(200));
    CHECK(far.sum.downloading.count() == Approx(16));
    CHECK(far.sum.uploading.count() == Approx(32));
    CHECK(far.intervals.size() == 2);
    CHECK(course.sum.virtual_time.count() == Approx(58));
    CHECK(course.sum.train.count() == Approx(260));
    CHECK(course.sum == FleetTraining{work, fleet, {}}.sum(fleet.devices()));

    // As the ledger prices it, round by round.
    const FleetPricing pricing{fleet};
    std::vector<TrainingEnergy> round(2);
    add_by_group(nodes, price(nodes, pricing), fleet, Updates::used, round);
    for (std::size_t i = 0; i < 2; ++i) {
        round[i].virtual_time = Seconds{29};
        CHECK(round[i] == course.groups[i].intervals[0]);
    }
}

TEST_CASE("A round of decided length: who is done early waits for its end, and lost updates don't wait")
{
    const auto fleet = near_and_far();
    const auto near = node_in(fleet, "near");
    const std::vector used{round_of_both(fleet)[near]}, lost{round_of_both(fleet)[1 - near]};
    const auto work = work_of(1, used, lost);
    const std::vector times{RoundTimes{Seconds{100}, Seconds{20}}};
    const auto course = FleetTraining{work, fleet, times}.course(fleet.devices());
    CHECK(course.sum.virtual_time.count() == Approx(120));
    CHECK(course.sum.waited.count() == Approx(100));
    CHECK(course.groups[1].sum.waiting.count() == Approx(5));
    CHECK(course.groups[1].sum.lost.count() == Approx(0));
    CHECK(course.groups[0].sum.waiting.count() == Approx(0));
    CHECK(course.groups[0].sum.lost.count() == Approx(32 + 100 + 64));
    CHECK(course.groups[0].sum.lost_time.count() == Approx(29));
    CHECK(course.groups[0].sum.train.count() == Approx(100));  // the lost is in the sums, too
}

TEST_CASE("Figures that are moved by their band move the groups that have the device")
{
    const auto fleet = near_and_far();
    const auto work = work_of(1, round_of_both(fleet));
    auto devices = fleet.devices();
    for (auto& device : devices)
        if (device.id == "thirsty") device.full_w.value = 40;
    const FleetTraining training{work, fleet, {}};
    CHECK((training.sum(devices).train - training.sum(fleet.devices()).train).count() == Approx(100));
}
