#include "coordinator/clients/host_report.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;

TEST_CASE("A host report names its meters after the client, whatever that calls itself")
{
    wire::ClientUpdate update;
    update.set_cpu_seconds(3);
    update.set_node_cpu_seconds(2);
    update.add_host_meters(
        energy::to_json({"coordinator", "RAPL package", "chip", "counter", Joules{5}, {}, {}, {}, {}}).dump());
    const auto report = host_report(update, *protocol::NodeSet::parse("0-4"));
    CHECK(report.process_cpu_seconds == 3);
    CHECK(report.node.cpu_seconds == 2);
    CHECK_FALSE(report.node.estimate);
    REQUIRE(report.meters.size() == 1);
    CHECK(report.meters[0].process == "client of nodes 0-4");
    CHECK(report.meters[0].joules == Joules{5});
}

TEST_CASE("A host report that is no reading breaks the protocol")
{
    const auto refused = [](auto&& spoil) {
        wire::ClientUpdate update;
        spoil(update);
        CHECK_THROWS_AS(host_report(update, {}), Error);
    };
    refused([](auto& update) { update.set_cpu_seconds(-1); });
    refused([](auto& update) { update.set_cpu_seconds(std::numeric_limits<double>::quiet_NaN()); });
    refused([](auto& update) { update.set_node_cpu_seconds(std::numeric_limits<double>::infinity()); });
    refused([](auto& update) { update.set_node_estimate("{"); });
    refused([](auto& update) { update.add_host_meters("{}"); });
    refused([](auto& update) { update.add_host_meters("[1e999]"); });
}
