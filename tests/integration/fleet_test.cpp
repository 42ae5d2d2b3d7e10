// Federations of unlike nodes: the same bytes for any number of processes, after a pause, and whatever is priced anew.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/support/command.hpp"
#include "tests/support/json_lines.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using nlohmann::json;

namespace {

// Half of the phones are there at first, others come later; the Pis come and go. Seven of ten updates end a round.
const std::string unlike_nodes = R"({
  "name": "unlike", "seed": 5,
  "data": {"dataset": "fashion-mnist", "train_samples": 600},
  "model": "mlp-32",
  "federated": {
    "nodes": 30, "learning_rate": 0.05, "max_rounds": 6, "local_epochs": 2, "client_fraction": 0.34, "goal": 7,
    "virtual_deadline_s": 20, "partition": {"kind": "dirichlet", "alpha": 0.5},
    "fleet": [
      {"name": "phones", "device": "phone", "share": 0.5, "speed_deviation": 0.5, "place": "DEU",
       "link": {"download_mbit_s": 5, "upload_mbit_s": 1, "upload_deviation": 0.5},
       "availability": {"daily": {"from_h": 0, "until_h": 8, "spread_h": 3}}},
      {"name": "pis", "device": "raspberry-pi-4", "share": 0.5, "place": "FRA",
       "availability": {"on_off": {"mean_on_h": 0.002, "mean_off_h": 0.002}}}
    ]
  },
  "trainings": [
    {"label": "unlike", "kind": "federated"},
    {"label": "chosen", "kind": "federated",
     "selection": {"policy": "power-of-choice", "candidates": 15, "max_participations": 5}},
    {"label": "buffered", "kind": "federated", "goal": null, "virtual_deadline_s": null, "mode": "buffered",
     "buffered": {"concurrency": 8, "buffer": 3, "max_staleness": 3}},
    {"label": "partial", "kind": "federated", "goal": null, "virtual_deadline_s": 1.2, "partial_work": true,
     "local_epochs": 40, "batch_size": 2, "evaluate_every_virtual_minutes": 0.04}
  ],
  "accounting": {"countries": ["USA"]}
})";

class Runs {
public:
    Runs() { write_file(folder_ / "unlike.json", unlike_nodes); }

    [[nodiscard]] std::filesystem::path path(const std::string& name) const { return folder_ / name; }

    Outcome run_as(const std::string& name, const std::vector<std::string>& more = {}) const
    {
        std::vector<std::string> arguments{"run", folder_ / "unlike.json", "--out", path(name)};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run("fedgram", arguments);
    }

    void check_same(const std::string& one, const std::string& other) const
    {
        for (const char* file : {"table.json", "rounds.jsonl", "ledger.jsonl"})
            CHECK(read_file(path(one) / file) == read_file(path(other) / file));
    }

    [[nodiscard]] json read(const std::string& name, const std::string& file) const
    {
        return json::parse(read_file(path(name) / file));
    }

private:
    TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("Where virtual time decides, the bytes are the same for any number of processes and after a pause",
          "[integration]")
{
    const Runs runs;
    REQUIRE(runs.run_as("one", {"--client-processes", "1"}).exit_code == 0);
    REQUIRE(runs.run_as("five", {"--client-processes", "5"}).exit_code == 0);
    runs.check_same("one", "five");

    REQUIRE(runs.run_as("pieces", {"--pause-at", "3"}).exit_code == 0);
    REQUIRE(run("fedgram", {"run", "--resume", runs.path("pieces")}).exit_code == 0);
    runs.check_same("one", "pieces");
    const auto one = runs.read("one", "summary.json"), pieces = runs.read("pieces", "summary.json");
    for (std::size_t i = 0; i < 4; ++i) {
        const auto& training = one.at("trainings").at(i);
        for (const char* key : {"schedule_sha256", "parameters_sha256", "virtual_seconds", "lost_updates"})
            CHECK(training.at(key) == pieces.at("trainings").at(i).at(key));
        CHECK(training.at("lost_updates") > 0);
    }
    // The fourth has nodes that were cut short in the middle of an epoch, and looks at its model now and then.
    const auto lines = json_lines(runs.path("one") / "ledger.jsonl");
    CHECK(std::ranges::any_of(lines, [](const json& line) {
        return line.at("training") == "partial" && line.at("node") != "coordinator" && line.at("phase") == "train" &&
               line.at("steps").get<int>() % 40 != 0 && !line.value("lost", false);
    }));
    double end = 0;
    for (const auto& line : json_lines(runs.path("one") / "rounds.jsonl")) {
        if (line.at("training") != "partial") continue;
        const auto begin = end;
        end += line.at("virtual_seconds").get<double>();
        const bool is_due = std::floor(end / 2.4) > std::floor(begin / 2.4) || line.at("round") == 6;
        CHECK(line.at("test_accuracy").is_number() == is_due);
    }
    CHECK(one.at("trainings").at(0).at("schedule_sha256") != one.at("trainings").at(1).at("schedule_sha256"));
}

TEST_CASE("What a fleet's groups draw adds up to the cell, the ledger and the rounds", "[integration]")
{
    const Runs runs;
    REQUIRE(runs.run_as("run").exit_code == 0);
    const auto table = runs.read("run", "table.json");
    for (const auto& cell : table.at("cells")) {
        double grams = 0, joules = 0, lost = 0;
        for (const auto& group : cell.at("groups")) {
            grams += group.at("gco2e").get<double>();
            joules += group.at("device_joules").get<double>();
            lost += group.at("lost_joules").get<double>();
        }
        CHECK(grams == Approx(cell.at("gco2e").get<double>()).epsilon(1e-12));
        double in_ledger = 0, lost_in_ledger = 0, in_rounds = 0;
        for (const auto& line : json_lines(runs.path("run") / "ledger.jsonl")) {
            if (line.at("training") != cell.at("training") || line.at("node") == "coordinator") continue;
            in_ledger += line.at("joules").get<double>();
            if (line.value("lost", false)) lost_in_ledger += line.at("joules").get<double>();
        }
        for (const auto& line : json_lines(runs.path("run") / "rounds.jsonl"))
            if (line.at("training") == cell.at("training")) in_rounds += line.at("device_joules").get<double>();
        CHECK(in_ledger == Approx(joules).epsilon(1e-12));
        CHECK(in_rounds == Approx(joules).epsilon(1e-12));
        CHECK(lost_in_ledger == Approx(lost).epsilon(1e-12));
        CHECK(lost > 0);
    }
    CHECK(run("fedgram", {"table", runs.path("run"), "--format", "json", "--verify"}).out ==
          read_file(runs.path("run") / "table.json"));

    const auto other = run("fedgram", {"table", runs.path("run"), "--edge-device", "jetson-tx2"});
    CHECK(other.exit_code == 0);
    CHECK_THAT(other.out, Catch::Contains("was decided by the run's own fleet"));
}

TEST_CASE("A fleet of one kind is the short form of the accounting, byte for byte", "[integration]")
{
    const Runs runs;
    const std::vector<std::string> plain{"--set",  "federated.fleet=null",
                                         "--set",  "federated.node_test_share=0.2",
                                         "--set",  "federated.client_fraction=1",
                                         "--set",  "trainings.chosen.selection=uniform",
                                         "--set",  "trainings.partial.partial_work=false",
                                         "--set",  "federated.goal=null",
                                         "--set",  "federated.virtual_deadline_s=null",
                                         "--only", "unlike"};
    auto fleet = plain;
    fleet[1] = R"(federated.fleet=[{"device": "raspberry-pi-4", "share": 1, "place": "FRA"}])";
    auto edge = plain;
    edge.insert(edge.end(),
                {"--set", "accounting.edge_device=raspberry-pi-4", "--set", R"(accounting.node_places=["FRA"])"});
    REQUIRE(runs.run_as("fleet", fleet).exit_code == 0);
    REQUIRE(runs.run_as("edge", edge).exit_code == 0);
    runs.check_same("fleet", "edge");
    CHECK(read_file(runs.path("fleet") / "spec.json") == read_file(runs.path("edge") / "spec.json"));

    // Priced on a fleet afterwards it is what it would have been.
    write_file(runs.path("groups.json"), R"([{"device": "phone", "share": 0.5, "place": "DEU", "speed_deviation": 0.3},
                                             {"device": "raspberry-pi-4", "share": 0.5}])");
    auto other = plain;
    other[1] = "federated.fleet=" + read_file(runs.path("groups.json"));
    REQUIRE(runs.run_as("other", other).exit_code == 0);
    const auto anew =
        run("fedgram", {"table", runs.path("edge"), "--fleet", runs.path("groups.json"), "--format", "json"});
    REQUIRE(anew.exit_code == 0);
    CHECK(json::parse(anew.out).at("cells") == runs.read("other", "table.json").at("cells"));

    // Each group's mean over its nodes' own test sets.
    std::map<std::string, std::set<std::size_t>> nodes;
    for (const auto& line : json_lines(runs.path("other") / "ledger.jsonl"))
        if (line.at("node").is_number()) nodes[line.at("provenance")].insert(line.at("node").get<std::size_t>());
    REQUIRE(nodes.size() == 2);
    const auto test = runs.read("other", "summary.json").at("trainings").at(0).at("node_test");
    for (const auto& group : runs.read("other", "table.json").at("cells").at(0).at("groups")) {
        double sum = 0, count = 0;
        for (const auto node : nodes.at("device profile " + group.at("device").get<std::string>())) {
            const auto samples = test.at("samples").at(node).get<double>();
            if (samples == 0) continue;
            sum += test.at("correct").at(node).get<double>() / samples;
            ++count;
        }
        CHECK(group.at("node_mean_accuracy").get<double>() == Approx(sum / count));
    }
}

TEST_CASE("With equal nodes and a full buffer asynchronous training is the synchronous one, bit for bit",
          "[integration]")
{
    const Runs runs;
    const std::vector<std::string> common{"--set",  "federated.fleet=null",
                                          "--set",  "federated.goal=null",
                                          "--set",  "federated.nodes=20",
                                          "--set",  "federated.client_fraction=0.4",
                                          "--set",  "trainings.partial.partial_work=false",
                                          "--set",  "federated.partition=iid",
                                          "--only", "unlike",
                                          "--set",  "federated.virtual_deadline_s=null"};
    auto partition = common;
    partition[11] = R"(federated.partition={"kind": "iid"})";
    auto buffered = partition;
    buffered.insert(buffered.end(),
                    {"--set", "trainings.unlike.mode=buffered", "--set", "trainings.unlike.buffered.concurrency=8",
                     "--set", "trainings.unlike.buffered.buffer=8"});
    REQUIRE(runs.run_as("sync", partition).exit_code == 0);
    const auto outcome = runs.run_as("buffered", buffered);
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    const auto sync = runs.read("sync", "summary.json").at("trainings").at(0);
    const auto full = runs.read("buffered", "summary.json").at("trainings").at(0);
    CHECK(sync.at("parameters_sha256") == full.at("parameters_sha256"));
    CHECK(sync.at("virtual_seconds").get<double>() == Approx(full.at("virtual_seconds").get<double>()));
    CHECK(runs.read("sync", "table.json").at("cells").at(0).at("gco2e").get<double>() ==
          Approx(runs.read("buffered", "table.json").at("cells").at(0).at("gco2e").get<double>()));
}

TEST_CASE("A fleet that can't have a round is refused before anything is made", "[integration]")
{
    const Runs runs;
    const auto refused = [&](const std::string& set, const std::string& words) {
        const auto outcome = runs.run_as("refused", {"--set", set});
        CHECK(outcome.exit_code != 0);
        CHECK_THAT(outcome.err, Catch::Contains(words));
        CHECK_FALSE(std::filesystem::exists(runs.path("refused")));
    };
    refused("federated.goal=11", "trainings.unlike.goal: 11 updates are more than the cohort's 10 nodes");
    refused(R"(federated.fleet=[{"device": "phone", "share": 1, "availability": {"windows": [[0, 0, 9]]}}])",
            "at most 1 of its nodes are ever there at once, and a round asks 10");
    refused(R"(federated.fleet=[{"device": "nokia", "share": 1}])", "trainings.unlike.fleet[0].device");
    refused(R"(trainings.unlike.selection="wait-for-cleaner")", "slack_hours");
    refused(R"(trainings.unlike.selection={"policy": "wait-for-cleaner", "slack_hours": 3})", "needs an hourly grid");
    refused("trainings.buffered.buffered.buffer=31",
            "trainings.buffered.buffered.buffer: 31 is more than the 30 nodes");
    refused("trainings.buffered.goal=3", "trainings.buffered.goal: buffered training has no rounds");
    refused("trainings.unlike.buffered.buffer=3", "it is for \"mode\": \"buffered\"");
    refused("federated.start=yesterday", "trainings.unlike.start");
}

TEST_CASE("A training that nobody comes to any more ends, and says so", "[integration]")
{
    const Runs runs;
    const auto outcome = runs.run_as(
        "ended", {"--set",
                  R"(federated.fleet=[{"device": "phone", "share": 1, "availability": {"windows": )"
                  R"([[0,0,60],[1,0,60],[2,0,60],[3,0,60],[4,0,60],[5,0,60],[6,0,60],[7,0,60],[8,0,60],[9,0,60]]}}])",
                  "--set", "target_accuracy=0.99", "--only", "unlike", "--set", "federated.max_rounds=1000"});
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.err, Catch::Contains("nodes that a round needs will ever be there"));
    const auto training = runs.read("ended", "summary.json").at("trainings").at(0);
    CHECK(training.at("reached_target") == false);
    CHECK(training.at("rounds") < 1000);
    CHECK(training.at("rounds") > 0);
}

TEST_CASE("A grid by the hour that surely ends before the training does is refused before anything is made",
          "[integration]")
{
    const Runs runs;
    // 101,800 bytes down and up at 1 kbit/s: 814.4 s each, so three rounds take longer than the last hour of the
    // series.
    const std::string fleet = R"(federated.fleet=[{"device": "phone", "share": 1,
      "place": {"hourly": "US-CAL-CISO", "start": "2020-09-27T23:00:00Z"},
      "link": {"download_mbit_s": 0.001, "upload_mbit_s": 0.001}}])";
    const auto run_of = [&](const std::string& rounds) {
        return runs.run_as(
            "hours", {"--set", fleet, "--set", "federated.goal=null", "--set", "federated.virtual_deadline_s=null",
                      "--set", "trainings.chosen.selection=uniform", "--set", "trainings.partial.partial_work=false",
                      "--set", "federated.max_rounds=" + rounds, "--only", "unlike"});
    };
    const auto outcome = run_of("3");
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.err, Catch::Contains("trainings.unlike: US-CAL-CISO has 1 h from 2020-09-27T23:00:00Z on and 3 "
                                            "rounds take 2 h at least; start earlier, or give a longer series"));
    CHECK_FALSE(std::filesystem::exists(runs.path("hours")));
    CHECK(run_of("2").exit_code == 0);
}
