// Clients that send sums of their nodes' updates: the same run, with less to send.

#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/support/command.hpp"
#include "tests/support/json_lines.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using nlohmann::json;

namespace {

constexpr std::uint32_t nodes = 40;
constexpr std::uint32_t rounds = 3;
constexpr std::uint64_t update_bytes = 25'450 * sizeof(float);

const std::string spec = R"({
  "name": "presum", "seed": 4, "data": {"dataset": "fashion-mnist", "train_samples": 800}, "model": "mlp-32",
  "federated": {"nodes": 40, "learning_rate": 0.05, "max_rounds": 3, "partition": {"kind": "quantity_skew", "alpha": 2}},
  "trainings": [{"label": "fed", "kind": "federated"}]
})";

/// A run of the spec with these settings.
json federate(const TemporaryFolder& folder, const std::string& name, std::vector<std::string> arguments)
{
    write_file(folder / "presum.json", spec);
    arguments.insert(arguments.begin(), {"run", folder / "presum.json", "--out", folder / name});
    const auto outcome = run("fedgram", arguments);
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    return json::parse(read_file(folder / name / "summary.json")).at("trainings").at(0);
}

std::uint64_t bytes_received(const std::filesystem::path& run)
{
    return json_lines(run / "events.jsonl").back().at("bytes_received");
}

}  // namespace

TEST_CASE("A run in which clients send sums has the bytes of one in which they send each update", "[integration]")
{
    TemporaryFolder folder;
    const auto each = federate(folder, "each", {"--set", "federated.presum=off"});
    CHECK(bytes_received(folder / "each") > nodes * rounds * update_bytes);
    for (const std::string processes : {"1", "2", "10"}) {
        INFO(processes);
        const auto summed = federate(folder, processes, {"--client-processes", processes});
        CHECK(summed.at("parameters_sha256") == each.at("parameters_sha256"));
        for (const std::string file : {"table.json", "ledger.jsonl", "rounds.jsonl"})
            CHECK(read_file(folder / processes / file) == read_file(folder / "each" / file));
        // A sum has three times the bytes of an update.
        const auto sums = std::stoul(processes) * rounds * 3 * update_bytes;
        CHECK(bytes_received(folder / processes) < sums + nodes * rounds * 128);
    }
}

TEST_CASE("Of each node whose update is in a sum, the host's cost is known", "[integration]")
{
    TemporaryFolder folder;
    const auto training = federate(folder, "run", {"--client-processes", "2", "--core-w", "4:8:16"});
    CHECK(bytes_received(folder / "run") < 2 * rounds * 3 * update_bytes + nodes * rounds * 128);
    std::map<std::uint32_t, std::set<std::uint32_t>> told;
    double seconds = 0;
    for (const auto& line : json_lines(folder / "run" / "host.jsonl")) {
        told[line.at("round")].insert(line.at("node").get<std::uint32_t>());
        seconds += line.at("cpu_seconds").get<double>();
        const auto& estimate = line.at("estimate");
        CHECK(estimate.at("meter") == "CPU estimate");
        CHECK(estimate.at("joules").get<double>() == Approx(8 * line.at("cpu_seconds").get<double>()));
        CHECK(estimate.at("low_joules").get<double>() == Approx(4 * line.at("cpu_seconds").get<double>()));
        CHECK(estimate.at("high_joules").get<double>() == Approx(16 * line.at("cpu_seconds").get<double>()));
    }
    CHECK(told.size() == rounds);
    for (const auto& [round, which] : told) CHECK(which.size() == nodes);
    CHECK(training.at("host_node_cpu_seconds").get<double>() == Approx(seconds));
    CHECK(seconds < training.at("host_cpu_seconds").get<double>());
}

TEST_CASE("Where a strategy looks at each update, each is sent; where it weighs them by samples, their sum is",
          "[integration]")
{
    TemporaryFolder folder;
    const auto is_summed = [&](const std::string& name, const std::string& setting) {
        INFO(setting);
        const auto each = federate(folder, name + "-each", {"--set", setting, "--set", "federated.presum=off"});
        const auto summed = federate(folder, name, {"--set", setting});
        CHECK(summed.at("parameters_sha256") == each.at("parameters_sha256"));
        CHECK(read_file(folder / name / "ledger.jsonl") == read_file(folder / (name + "-each") / "ledger.jsonl"));
        return bytes_received(folder / name) < nodes * rounds * update_bytes;
    };
    CHECK(is_summed("adam", "federated.strategy=fedadam"));
    CHECK(is_summed("prox", "federated.strategy=fedprox"));
    CHECK_FALSE(is_summed("scaffold", "federated.strategy=scaffold"));
    CHECK_FALSE(is_summed("median", "federated.aggregation=median"));
}

TEST_CASE("A diverging node is refused by name, whatever else is in its process's sum", "[integration]")
{
    // The smallest limit of a norm refuses some nodes and not others.
    TemporaryFolder folder;
    const std::vector<std::string> limit{"--set", "federated.max_update_norm=0.3", "--set", "federated.quorum=0.1"};
    auto off = limit;
    off.insert(off.end(), {"--set", "federated.presum=off"});
    const auto each = federate(folder, "each", off);
    const auto summed = federate(folder, "summed", limit);
    REQUIRE(each.at("refused_updates").contains("norm_too_large"));
    CHECK(summed.at("refused_updates") == each.at("refused_updates"));
    CHECK(summed.at("parameters_sha256") == each.at("parameters_sha256"));
    const auto refused = [&](const std::string& name) {
        std::set<std::string> texts;
        for (const auto& event : json_lines(folder / name / "events.jsonl"))
            if (event.at("event") == "update_refused")
                texts.insert(event.at("round").dump() + " " + event.at("node").dump() + " " + event.at("text").dump());
        return texts;
    };
    CHECK(refused("summed") == refused("each"));
}

TEST_CASE("Clients that were started by hand send sums where the specification trusts all", "[integration]")
{
    TemporaryFolder folder;
    write_file(folder / "presum.json", spec);
    std::map<std::string, std::string> model;
    for (const std::string presum : {"local", "all"}) {
        const auto resolved = folder / (presum + ".json");
        REQUIRE(run("fedgram",
                    {"resolve", folder / "presum.json", "--out", resolved, "--set", "federated.presum=" + presum})
                    .exit_code == 0);
        Process coordinator{"fedgram-coordinator",
                            {"--spec", resolved, "--out", folder / presum, "--listen", "127.0.0.1:0"}};
        const auto address = coordinator.read_line().substr(std::string{"listening "}.size());
        Process few{"fedgram-client", {"--connect", address, "--nodes", "0-2"}};
        Process many{"fedgram-client", {"--connect", address, "--nodes", "3-39"}};
        const auto outcome = coordinator.wait();
        INFO(outcome.err);
        CHECK(outcome.exit_code == 0);
        CHECK(few.wait().exit_code == 0);
        CHECK(many.wait().exit_code == 0);
        const auto summary = json::parse(read_file(folder / presum / "summary.json"));
        model[presum] = summary.at("trainings").at(0).at("parameters_sha256");
    }
    CHECK(model.at("local") == model.at("all"));
    CHECK(bytes_received(folder / "local") > nodes * rounds * update_bytes);
    // Three updates of the one client, a sum of the other.
    CHECK(bytes_received(folder / "all") < rounds * 6 * update_bytes + nodes * rounds * 128);
}
