#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "tests/faults/cutting_relay.hpp"
#include "tests/faults/hand_started_run.hpp"
#include "tests/faults/lossy_network.hpp"
#include "tests/faults/switched_network.hpp"
#include "tests/faults/traffic.hpp"

using namespace fedgram::test;
using nlohmann::json;

namespace {

// The quorum is the whole cohort: a round that lost a node would not count, and the parameters are those of all.
const std::string spec = R"({
  "name": "network", "seed": 4, "data": {"dataset": "fashion-mnist", "train_samples": 400}, "model": "mlp-32",
  "federated": {"nodes": 4, "learning_rate": 0.05, "max_rounds": 2, "quorum": 1, "silence_deadline_s": 3,
                "rejoin_wait_s": 30, "quorum_wait_s": 1, "round_deadline_s": 40},
  "trainings": [{"label": "iid", "kind": "federated"}]
})";
constexpr std::size_t rounds = 2;
constexpr unsigned nodes = 4;
constexpr std::uint64_t model_bytes = 4 * (784 * 32 + 32 + 32 * 10 + 10);  // mlp-32 as float32: 101 800

const std::vector<std::string> secret{"FEDGRAM_SECRET=" + std::string(64, '7')};

std::vector<std::string> listen_on(const std::string& address)
{
    return {"--listen", address + ":0", "--insecure-listen"};
}

/// Says why, where no network can be made.
bool network_is_missing()
{
    static const auto why = no_network_here();
    if (why) std::cerr << "skipped, for no network can be made here: " << *why << "\n";
    return why.has_value();
}

/// How long a model took over a real line, from its first packet's departure to its last one's arrival.
struct Transfers {
    std::chrono::duration<double> download;
    std::chrono::duration<double> upload;
    json lines;  ///< of the ledger, by phase: what the simulated link made of the same bytes
};

// A packet of 1500 bytes carries 1448 of TCP; the rest is the headers of IP and TCP, with its time stamps.
constexpr std::uint64_t packet_bytes = 1500;
constexpr std::uint64_t packet_payload = 1448;
constexpr std::uint64_t model_packets_bytes = model_bytes * packet_bytes / packet_payload;

/// One round with one node behind a real line; the specification's link is of the same rate, either way.
Transfers measured_round(double mbit_s, const NetworkNamespace& coordinator, const std::string& coordinator_device,
                         const NetworkNamespace& client, const std::string& client_device)
{
    const json one_transfer{
        {"name", "one-transfer"},
        {"data", {{"dataset", "fashion-mnist"}, {"train_samples", 100}}},
        {"model", "mlp-32"},
        {"federated", {{"nodes", 1}, {"learning_rate", 0.05}, {"max_rounds", 1}, {"silence_deadline_s", 20}}},
        {"accounting", {{"link", {{"download_mbit_s", mbit_s}, {"upload_mbit_s", mbit_s}}}}},
        {"trainings", {{{"label", "iid"}, {"kind", "federated"}}}}};
    HandStartedRun run{one_transfer.dump(), coordinator.place(), listen_on(SwitchedNetwork::coordinator_address),
                       secret};
    const auto here = run.coordinator().pid();
    const auto there = run.start_client("0", client.place()).pid();
    std::array ends{Traffic{here, coordinator_device, Way::out}, Traffic{there, client_device, Way::in},
                    Traffic{there, client_device, Way::out}, Traffic{here, coordinator_device, Way::in}};
    static_cast<void>(run.comes_true([&] {
        for (auto& end : ends) end.look();
        return false;  // until the run is over
    }));
    run.check_ends_well();
    const auto took = [&](const Traffic& sender, const Traffic& receiver) -> std::chrono::duration<double> {
        const auto sent = sender.bulk(model_packets_bytes);
        const auto received = receiver.bulk(model_packets_bytes);
        REQUIRE((sent && received));
        return received->end - sent->begin;
    };
    json lines;
    for (const auto& line : run.lines("ledger")) lines[line.at("phase").get<std::string>()] = line;
    return {took(ends[0], ends[1]), took(ends[2], ends[3]), lines};
}

void check_against_the_simulated_link(const std::string& line, double mbit_s, const Transfers& real)
{
    const double modelled_down = real.lines.at("download").at("seconds");
    const double modelled_up = real.lines.at("upload").at("seconds");
    std::printf("%-40s download modelled %.2f s, measured %.2f s; upload modelled %.2f s, measured %.2f s\n",
                line.c_str(), modelled_down, real.download.count(), modelled_up, real.upload.count());
    // A token bucket lets its first packets through at once.
    const double least = 0.8 * static_cast<double>(model_bytes) * 8 / (mbit_s * 1e6);
    for (const double seconds : {modelled_down, modelled_up, real.download.count(), real.upload.count()})
        CHECK(seconds >= least);
}

}  // namespace

TEST_CASE("A client on a slow line, over TLS, changes no byte", "[faults]")
{
    if (network_is_missing()) return;
    const TemporaryFolder folder;
    const std::string certificates = folder / "certs";
    REQUIRE(run("fedgram", {"certs", "--out", certificates, "--hosts", SwitchedNetwork::coordinator_address, "--group",
                            "0-1", "--group", "2-3"})
                .exit_code == 0);
    const SwitchedNetwork network{2};
    network.limit(0, 1000);
    HandStartedRun run{spec,
                       network.coordinator().place(),
                       {"--listen", std::string{SwitchedNetwork::coordinator_address} + ":0", "--tls", certificates}};
    run.start_client("0-1", network.client(0).place(), {"--tls", certificates});
    run.start_client("2-3", network.client(1).place(), {"--tls", certificates});
    run.check_ends_well();
    run.check_equals_undisturbed(rounds, nodes);
    CHECK(run.wasted_trainings() == 0);
}

TEST_CASE("A client whose cable is cut in mid-upload comes back by itself, and the run ends with the same parameters",
          "[faults]")
{
    if (network_is_missing()) return;
    const SwitchedNetwork network{2};
    network.limit(0, 400);  // two seconds for an update
    HandStartedRun run{spec, network.coordinator().place(), listen_on(SwitchedNetwork::coordinator_address), secret};
    const auto& client = run.start_client("0-1", network.client(0).place());
    run.start_client("2-3", network.client(1).place());
    // Greetings, heartbeats and acknowledgements are no 40 kB: this is the first update, not yet the half of it.
    REQUIRE(run.comes_true([&] { return bytes_passed(client.pid(), "cable", Way::out).value_or(0) > 40'000; }));
    network.unplug(0);
    REQUIRE(run.comes_true([&] { return !run.events("client_lost").empty(); }));
    ::sleep(2);
    network.plug_in(0);
    const auto said = run.check_ends_well();
    CHECK_THAT(said, Catch::Contains("client 10.77.0.2") && Catch::Contains("is lost"));
    run.check_equals_undisturbed(rounds, nodes);
    CHECK(run.events("client_lost").front().at("nodes") == json({0, 1}));
    CHECK(run.wasted_trainings() >= 1);
}

TEST_CASE("Packets that are late or lost change no byte", "[faults]")
{
    if (network_is_missing()) return;
    LossyNetwork network{{"--kbit", "4000", "--delay-ms", "30", "--loss", "0.03", "--seed", "9"}};
    HandStartedRun run{spec, network.coordinator().place(), listen_on(LossyNetwork::coordinator_address), secret};
    run.start_client("0-1", network.client().place());
    run.start_client("2-3", network.coordinator().place());
    run.check_ends_well();
    run.check_equals_undisturbed(rounds, nodes);
    CHECK(network.lost_packets() > 0);
}

TEST_CASE("A connection that is cut within a frame is made anew, and the run ends with the same parameters", "[faults]")
{
    HandStartedRun run{spec, {}, {}, secret};
    // Within the first update, within a model on its way down, and within the second update after a whole one.
    CuttingRelay relay{run.address(),
                       {{Towards::coordinator, model_bytes / 2},
                        {Towards::client, model_bytes / 2},
                        {Towards::coordinator, model_bytes * 3 / 2}}};
    run.start_client("0-1", {}, {}, relay.address());
    run.start_client("2-3", {});
    run.check_ends_well();
    CHECK(relay.cuts_made() == 3);
    CHECK(run.events("client_lost").size() == 3);
    run.check_equals_undisturbed(rounds, nodes);
    CHECK(run.wasted_trainings() == 3);
}

TEST_CASE("A transfer over a real line takes no less than the simulated link says", "[faults]")
{
    if (network_is_missing()) return;
    {
        const SwitchedNetwork network{1};
        network.limit(0, 500);
        const auto real =
            measured_round(0.5, network.coordinator(), SwitchedNetwork::port(0), network.client(0), "cable");
        check_against_the_simulated_link("500 kbit/s, token bucket", 0.5, real);
    }
    struct Line {
        std::string kbit_s;
        std::string loss;
    };
    for (const auto& [kbit_s, loss] : {Line{"500", "0"}, Line{"500", "0.02"}, Line{"10000", "0"}}) {
        const LossyNetwork network{{"--kbit", kbit_s, "--delay-ms", "50", "--loss", loss}};
        const double mbit_s = std::stod(kbit_s) / 1000;
        const auto real = measured_round(mbit_s, network.coordinator(), "wire0", network.client(), "wire0");
        check_against_the_simulated_link(kbit_s + " kbit/s, delay 50 ms, loss " + loss, mbit_s, real);
    }
}
