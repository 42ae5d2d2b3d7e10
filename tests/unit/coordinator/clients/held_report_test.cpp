#include "coordinator/clients/held_report.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;

namespace {

/// Two nodes, of 2 and 3 CPU seconds and 20 and 30 joules.
wire::NodesHeld two_nodes()
{
    wire::NodesHeld held;
    for (const double cpu_seconds : {2.0, 3.0}) {
        auto& node = *held.add_nodes();
        node.set_node_cpu_seconds(cpu_seconds);
        for (const double factor : {10.0, 5.0, 20.0}) node.add_estimate_joules(factor * cpu_seconds);
    }
    held.set_cpu_seconds(7);
    held.set_node_estimate(energy::to_json({"node", "CPU estimate", "chip", "estimated", {}, {}, {}, {}, {}}).dump());
    return held;
}

}  // namespace

TEST_CASE("Of each held node its own cost is told, and of the process once", "[coordinator]")
{
    const auto held = two_nodes();
    const auto hosted = *protocol::NodeSet::parse("0-4");
    const auto first = held_report(held, 0, hosted);
    CHECK(first.process_cpu_seconds == 7);
    CHECK(first.node.cpu_seconds == 2);
    const auto second = held_report(held, 1, hosted);
    CHECK(second.process_cpu_seconds == 0);
    CHECK(second.node.cpu_seconds == 3);
    REQUIRE(second.node.estimate);
    CHECK(second.node.estimate->meter == "CPU estimate");
    CHECK(second.node.estimate->joules == Joules{30});
    CHECK(second.node.estimate->low == Joules{15});
    CHECK(second.node.estimate->high == Joules{60});
}

TEST_CASE("A held node needn't have an estimate, and one that is no reading breaks the protocol", "[coordinator]")
{
    auto held = two_nodes();
    held.clear_node_estimate();
    CHECK(to_json(*held_report(held, 1, {}).node.estimate) == to_json(*held_report(two_nodes(), 1, {}).node.estimate));
    held.mutable_nodes(0)->clear_estimate_joules();
    CHECK_FALSE(held_report(held, 0, {}).node.estimate);

    const auto refused = [](auto&& spoil) {
        auto spoilt = two_nodes();
        spoil(spoilt);
        CHECK_THROWS_AS(held_report(spoilt, 0, {}), Error);
    };
    refused([](auto& message) { message.mutable_nodes(0)->set_node_cpu_seconds(-1); });
    refused([](auto& message) { message.mutable_nodes(0)->add_estimate_joules(1); });
    refused([](auto& message) { message.mutable_nodes(0)->set_estimate_joules(1, -1); });
    refused([](auto& message) {
        message.mutable_nodes(0)->set_estimate_joules(2, std::numeric_limits<double>::infinity());
    });
    refused([](auto& message) { message.set_cpu_seconds(-1); });
    refused([](auto& message) { message.set_node_estimate("{"); });
}

TEST_CASE("A sum comes with what its client's meters have read", "[coordinator]")
{
    wire::PartialSum sum;
    sum.add_host_meters(
        energy::to_json({"client", "RAPL package", "chip", "counter", Joules{5}, {}, {}, {}, {}}).dump());
    const auto report = sum_report(sum, *protocol::NodeSet::parse("0-4"));
    REQUIRE(report.meters.size() == 1);
    CHECK(report.meters[0].process == "client of nodes 0-4");
    CHECK(report.process_cpu_seconds == 0);
    sum.add_host_meters("{}");
    CHECK_THROWS_AS(sum_report(sum, {}), Error);
}
