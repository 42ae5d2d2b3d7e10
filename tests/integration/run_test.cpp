#include <signal.h>
#include <unistd.h>
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/integration/tiny_spec.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using nlohmann::json;

namespace {

std::vector<std::string> hashes(const std::filesystem::path& run)
{
    const auto summary = json::parse(read_file(run / "summary.json"));
    std::vector<std::string> result;
    for (const auto& training : summary.at("trainings")) result.push_back(training.at("parameters_sha256"));
    return result;
}

std::size_t line_count(const std::string& text)
{
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("A run gives the same bytes for any number of client processes", "[integration]")
{
    TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    for (const std::string processes : {"1", "2", "5"}) {
        const auto outcome =
            run("fedgram", {"run", folder / "tiny.json", "--out", folder / processes, "--client-processes", processes});
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        const auto listed = json::parse(read_file(folder / processes / "processes.json"));
        CHECK(listed.at("clients").size() == std::stoul(processes));
    }
    CHECK(hashes(folder / "1").size() == 3);
    for (const std::string other : {"2", "5"}) {
        CHECK(hashes(folder / other) == hashes(folder / "1"));
        for (const std::string file : {"table.json", "ledger.jsonl", "rounds.jsonl", "spec.json"})
            CHECK(read_file(folder / other / file) == read_file(folder / "1" / file));
    }
}

TEST_CASE("Robust aggregations give the same bytes for any number of client processes", "[integration]")
{
    TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    for (const std::string processes : {"1", "5"}) {
        const auto outcome =
            run("fedgram", {"run", folder / "tiny.json", "--out", folder / processes, "--client-processes", processes,
                            "--set", "trainings.iid.aggregation=median", "--set",
                            "trainings.skewed.aggregation={\"kind\": \"trimmed-mean\", \"trim\": 0.2}"});
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        CHECK(outcome.err.find("iid: this aggregation holds a round's updates") != std::string::npos);
    }
    CHECK(hashes(folder / "5") == hashes(folder / "1"));
    CHECK(read_file(folder / "5" / "ledger.jsonl") == read_file(folder / "1" / "ledger.jsonl"));
}

TEST_CASE("Nodes that draw their samples, more of them than there are samples, give the same bytes as well",
          "[integration]")
{
    TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    for (const std::string processes : {"1", "3"}) {
        const auto outcome =
            run("fedgram", {"run", folder / "tiny.json", "--out", folder / processes, "--client-processes", processes,
                            "--set", "federated.nodes=1000", "--set", "federated.client_fraction=0.005", "--set",
                            R"(federated.partition={"kind": "draws", "samples_per_node": 40})", "--set",
                            "trainings.skewed.partition.alpha=0.1"});
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
    }
    CHECK(hashes(folder / "3") == hashes(folder / "1"));
    CHECK(hashes(folder / "1").at(1) != hashes(folder / "1").at(2));
    for (const std::string file : {"table.json", "ledger.jsonl", "rounds.jsonl"})
        CHECK(read_file(folder / "3" / file) == read_file(folder / "1" / file));
    // A round is 5 nodes of 40 samples, and so is an interval of the centralized training: 2 x 600 / 200.
    const auto rounds = read_file(folder / "1" / "rounds.jsonl");
    CHECK(line_count(rounds) == 6 + 3 + 3);
}

TEST_CASE("What the nodes hold is shown for the first of them, however many there are", "[integration]")
{
    const std::vector<std::string> arguments{
        "partition", "workload-b",
        "--set",     "federated.nodes=100000",
        "--set",     R"(federated.partition={"kind": "draws", "samples_per_node": 20})"};
    const auto text = run("fedgram", arguments);
    INFO(text.err);
    REQUIRE(text.exit_code == 0);
    CHECK(line_count(text.out) < 110);
    CHECK_THAT(text.out, Catch::Contains("to node 99999; --first N"));
    auto some = arguments;
    some.insert(some.end(), {"--first", "3", "--json"});
    const auto training = json::parse(run("fedgram", some).out).at("trainings").at(0);
    CHECK(training.at("node_count") == 100'000);
    REQUIRE(training.at("nodes").size() == 3);
    for (const auto& node : training.at("nodes")) CHECK(node.at("samples") == 20);
}

TEST_CASE("A run folder holds every intermediate, and is enough to redo the table", "[integration]")
{
    TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    const auto outcome = run("fedgram", {"run", folder / "tiny.json", "--out", folder / "run"});
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);

    // Centralized: 2 epochs of 600, evaluated each 600 samples (a round's worth): 2. Federated: 3 rounds each.
    const auto rounds = read_file(folder / "run" / "rounds.jsonl");
    CHECK(line_count(rounds) == 2 + 3 + 3);
    std::istringstream lines{rounds};
    for (std::string line; std::getline(lines, line);) {
        const auto round = json::parse(line);
        CHECK(round.at("test_accuracy").get<double>() > 0.1);
        CHECK(round.at("virtual_seconds").get<double>() > 0);
        CHECK(round.at("participants") == (round.at("training") == "central" ? 1
                                           : round.at("training") == "iid"   ? 5
                                                                             : 3));
    }
    const auto summary = json::parse(read_file(folder / "run" / "summary.json"));
    for (const auto& training : summary.at("trainings")) {
        CHECK(training.at("reached_target").is_null());
        CHECK(training.at("host_cpu_seconds").get<double>() > 0);
        CHECK(std::filesystem::exists(folder / "run" / (training.at("label").get<std::string>() + ".pt")));
    }

    const auto again = run("fedgram", {"table", folder / "run", "--format", "json"});
    REQUIRE(again.exit_code == 0);
    CHECK(json::parse(again.out) == json::parse(read_file(folder / "run" / "table.json")));
    const auto rows = run("fedgram", {"table", folder / "run", "--format", "codecarbon"});
    CHECK(rows.out == read_file(folder / "run" / "emissions.csv"));
    const auto events = read_file(folder / "run" / "events.jsonl");
    const auto end = json::parse(events.substr(events.rfind("{\"time\""))).at("time").get<std::string>();
    CHECK_THAT(rows.out, Catch::Contains("\n" + end.substr(0, end.size() - 1) + ",tiny,"));
    const auto elsewhere = run("fedgram", {"table", folder / "run", "--countries", "DEU", "--pue", "1.2",
                                           "--edge-device", "raspberry-pi-4", "--format", "json"});
    REQUIRE(elsewhere.exit_code == 0);
    const auto repriced = json::parse(elsewhere.out);
    for (const auto& cell : repriced.at("cells")) CHECK(cell.at("country") == "DEU");
}

TEST_CASE("A run can be explained, reported, listed by cost and compared with another", "[integration]")
{
    const TemporaryFolder folder;
    const auto small = folder / "small";
    const auto large = folder / "large";
    REQUIRE(run("fedgram", {"run", "workload-b", "--out", small, "--set", "federated.max_rounds=1"}).exit_code == 0);
    REQUIRE(run("fedgram", {"run", "workload-b", "--out", large, "--set", "federated.max_rounds=2"}).exit_code == 0);

    const auto explained = run("fedgram", {"explain", small, "FRA/federated", "--edge-device", "phone"});
    CHECK(explained.exit_code == 0);
    CHECK_THAT(explained.out, Catch::Matchers::StartsWith("FRA/federated, phone: ") &&
                                  Catch::Matchers::Contains("Emissions: energy / 3.6e6 J x grid"));
    CHECK(run("fedgram", {"explain", small, "DEU/federated"}).exit_code == 2);
    CHECK_THAT(run("fedgram", {"report", small}).out, Catch::Matchers::Contains("Training mlp-32 on fashion-mnist"));
    // Twice the rounds of the same cohort: twice the bytes.
    CHECK_THAT(run("fedgram", {"compare", small, large}).out,
               Catch::Matchers::Contains("in United States") && Catch::Matchers::Contains("2.00"));
    const auto sorted =
        json::parse(run("fedgram", {"list", folder.path(), "--sort", "co2", "--json"}).out).at("trainings");
    REQUIRE(sorted.size() == 2);
    CHECK(sorted[0].at("run") == "large");
    CHECK(run("fedgram", {"list", folder.path(), "--sort", "beauty"}).exit_code == 2);
}

TEST_CASE("What trains nothing doesn't load LibTorch", "[integration]")
{
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"--help"}, {"models"}, {"grid", "FRA"}}) {
        const auto outcome = run("fedgram", arguments, {"LD_DEBUG=files"});
        CHECK(outcome.exit_code == 0);
        CHECK(outcome.err.find("libc.so") != std::string::npos);
        CHECK(outcome.err.find("libtorch") == std::string::npos);
    }
}

TEST_CASE("A run of the native engine never loads LibTorch, from the first process to the model's file",
          "[integration]")
{
    const TemporaryFolder folder;
    const auto outcome =
        run("fedgram", {"run", "workload-b", "--out", folder / "run", "--set", "federated.max_rounds=1"},
            {"LD_DEBUG=files", "LD_DEBUG_OUTPUT=" + (folder / "loaded").string()});
    CHECK(outcome.exit_code == 0);
    CHECK(std::filesystem::exists(folder / "run" / "federated.pt"));
    std::size_t processes = 0;
    for (const auto& entry : std::filesystem::directory_iterator{folder.path()}) {
        if (!entry.is_regular_file()) continue;
        ++processes;
        CHECK(read_file(entry.path()).find("libtorch") == std::string::npos);
    }
    CHECK(processes >= 3);  // launcher, coordinator, clients
}

#ifdef FEDGRAM_TORCH
TEST_CASE("Both engines learn the same of the same data", "[integration]")
{
    const TemporaryFolder folder;
    const auto accuracy = [&](const std::string& engine) {
        const auto out = folder / engine;
        const auto outcome = run("fedgram", {"run", "table4-quick", "--out", out, "--set", "engine=" + engine, "--set",
                                             "target_accuracy=null", "--set", "data.train_samples=4000", "--set",
                                             "centralized.max_epochs=2", "--set", "federated.max_rounds=2"});
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        std::vector<double> accuracies;
        const auto summary = json::parse(read_file(out / "summary.json"));
        for (const auto& training : summary.at("trainings")) accuracies.push_back(training.at("test_accuracy"));
        return accuracies;
    };
    const auto ours = accuracy("native");
    const auto libtorchs = accuracy("torch");
    // Rounding alone sets them apart, and 250 steps make little of it.
    for (std::size_t i = 0; i < ours.size(); ++i) CHECK(std::abs(ours[i] - libtorchs[i]) < 0.01);
}
#endif

TEST_CASE("SIGINT ends a run cleanly, with the results so far", "[integration]")
{
    TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    Process process{"fedgram",
                    {"run", folder / "tiny.json", "--out", folder / "run", "--set", "federated.max_rounds=100000"}};
    // The first whole round of a federated training is in the file: the run is in the midst of its work.
    const auto rounds = folder / "run" / "rounds.jsonl";
    for (int tries = 0; tries < 600; ++tries) {
        if (std::filesystem::exists(rounds) && read_file(rounds).find("\"iid\"") != std::string::npos) break;
        ::usleep(100'000);
    }
    process.send(SIGINT);
    const auto outcome = process.wait();
    INFO(outcome.err);
    CHECK(outcome.exit_code == 130);
    const auto summary = json::parse(read_file(folder / "run" / "summary.json"));
    CHECK(summary.at("trainings").size() == 2);
    CHECK(summary.at("trainings").at(1).at("ended_by") == "interrupted");
    CHECK(std::filesystem::exists(folder / "run" / "table.json"));
}

TEST_CASE("The specification that init writes trains as it stands", "[integration]")
{
    const TemporaryFolder folder;
    REQUIRE(run("fedgram", {"init", folder / "mine.json"}).exit_code == 0);
    const auto outcome = run("fedgram", {"run", folder / "mine.json", "--out", folder / "run"});
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK(std::filesystem::exists(folder / "run" / "table.txt"));
    const auto again = run("fedgram", {"init", folder / "mine.json"});
    CHECK(again.exit_code == 5);
    CHECK_THAT(again.err, Catch::Contains("is there already"));
}

TEST_CASE("All mistakes of a specification are told in one answer, a line each", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    const auto outcome =
        run("fedgram", {"run", folder / "tiny.json", "--out", folder / "run", "--set", "federated.nodes=0", "--set",
                        "target_accuracy=2", "--set", "accounting.countries=[\"Frace\"]"});
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.err ==
          "fedgram: target_accuracy: 2 is not valid; use a number greater than 0 and less than 1\n"
          "fedgram: trainings.iid.nodes: 0 is not valid; use a whole number from 1 to 4294967295\n"
          "fedgram: trainings.skewed.nodes: 0 is not valid; use a whole number from 1 to 4294967295\n"
          "fedgram: accounting.countries[0]: country \"Frace\" is unknown; did you mean France (FRA)?\n");
    CHECK_FALSE(std::filesystem::exists(folder / "run"));
}
