// What federated methods cost, from the nodes that train to each form of the table.
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/support/command.hpp"
#include "tests/support/json_lines.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

/// Two rounds of three nodes with 200 samples each: 7 steps a node and round. An MLP of 25,450 parameters.
const std::string spec = R"({
  "name": "tiny",
  "seed": 3,
  "data": {"dataset": "fashion-mnist", "train_samples": 600},
  "model": "mlp-32",
  "federated": {"nodes": 3, "learning_rate": 0.05, "max_rounds": 2},
  "trainings": [
    {"label": "plain", "kind": "federated"},
    {"label": "corrected", "kind": "federated", "strategy": "scaffold"},
    {"label": "momentum", "kind": "federated", "strategy": "fedavgm"}
  ]
})";

constexpr std::uint64_t parameters = 25'450;

class Runs {
public:
    Runs() { write_file(folder_ / "tiny.json", spec); }

    [[nodiscard]] std::filesystem::path path(const std::string& name) const { return folder_ / name; }

    void run_as(const std::string& name, const std::vector<std::string>& more = {}) const
    {
        std::vector<std::string> arguments{"run", folder_ / "tiny.json", "--out", path(name)};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto outcome = run("fedgram", arguments);
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
    }

    [[nodiscard]] json methods(const std::string& name, const std::string& training) const
    {
        const auto summary = json::parse(read_file(path(name) / "summary.json"));
        for (const auto& each : summary.at("trainings"))
            if (each.at("label") == training) return each.value("methods", json::array());
        return {};
    }

private:
    TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("What a strategy adds is counted in each round, and told in each form", "[integration]")
{
    const Runs runs;
    runs.run_as("whole");
    CHECK(runs.methods("whole", "plain").empty());
    const auto corrected = runs.methods("whole", "corrected").at(0);
    const std::uint64_t steps = 2 * 3 * 7;
    CHECK(corrected.at("nodes").at("flops") == parameters * steps);
    CHECK(corrected.at("nodes").at("memory_bytes") == 8 * parameters * steps);
    CHECK(corrected.at("nodes").at("kernels") == steps);
    CHECK(corrected.at("coordinator").at("flops") == 2 * parameters * (6 * 3 + 4));
    CHECK(runs.methods("whole", "momentum").at(0).at("nodes").at("flops") == 0);
    CHECK(runs.methods("whole", "momentum").at(0).at("coordinator").at("flops") == 2 * 5 * parameters);

    // The ledger has what both trainings took: they differ by just that.
    const auto rows = json::parse(read_file(runs.path("whole") / "table.json")).at("methods");
    REQUIRE(rows.size() == 3);
    CHECK(rows[1].at("flops").get<std::uint64_t>() - rows[0].at("flops").get<std::uint64_t>() == parameters * steps);
    CHECK(rows[1].at("updates") == 6);
    CHECK(rows[1].at("bytes_up_per_update") == 4 * parameters);
    CHECK(rows[1].at("bytes_down_per_update") == 8 * parameters);
    CHECK(rows[0].at("bytes_down_per_update") == 4 * parameters);
    CHECK(rows[1].at("against_fedavg").at("training") == "plain");
    CHECK(rows[1].at("against_fedavg").at("ratio") > 1);
    CHECK(rows[2].at("against_fedavg").at("ratio") == 1);

    for (const auto* const file : {"table.txt", "table.md", "table.tex"}) {
        CAPTURE(file);
        const auto text = read_file(runs.path("whole") / file);
        CHECK_THAT(text, Contains("Federated methods"));
        CHECK_THAT(text, Contains("SCAFFOLD"));
    }
    CHECK_THAT(run("fedgram", {"report", runs.path("whole")}).out, Contains("SCAFFOLD"));
    CHECK_THAT(run("fedgram", {"explain", runs.path("whole"), "USA/corrected"}).out,
               Contains("= " + std::to_string(parameters * steps) + " FLOPs"));
}

TEST_CASE("What methods add is the same of a run that is taken up, and of one from the store", "[integration]")
{
    const Runs runs;
    const std::vector<std::string> store{"--store", runs.path("store")};
    runs.run_as("whole", store);
    runs.run_as("pieces", {"--only", "corrected", "--pause-at", "1"});
    CHECK(runs.methods("pieces", "corrected").at(0).at("nodes").at("kernels") == 3 * 7);
    runs.run_as("pieces", {"--only", "corrected", "--take-up"});
    CHECK(runs.methods("pieces", "corrected") == runs.methods("whole", "corrected"));

    runs.run_as("taken", store);
    CHECK(runs.methods("taken", "corrected") == runs.methods("whole", "corrected"));
    CHECK(read_file(runs.path("taken") / "table.json") == read_file(runs.path("whole") / "table.json"));
}

TEST_CASE("Two updates of a node in one flush are two, and both have the method's Work", "[integration]")
{
    const Runs runs;
    std::vector<std::string> settings{"--only", "momentum"};
    for (const char* const key : {"nodes=6", "mode=buffered", "buffered.concurrency=4", "buffered.buffer=5",
                                  "max_rounds=6", "partition.kind=quantity_skew", "strategy=fedprox"})
        settings.insert(settings.end(), {"--set", std::string{"trainings.momentum."} + key});
    runs.run_as("asynchronous", settings);
    std::uint64_t steps = 0;
    std::uint64_t lines = 0;
    for (const auto& line : json_lines(runs.path("asynchronous") / "ledger.jsonl")) {
        if (line.at("phase") != "train" || line.value("lost", false)) continue;
        steps += line.at("steps").get<std::uint64_t>();
        ++lines;
    }
    CHECK(lines < 5 * 6);
    const auto row = json::parse(read_file(runs.path("asynchronous") / "table.json")).at("methods").at(0);
    CHECK(row.at("updates") == 5 * 6);
    CHECK(row.at("bytes_up_per_update") == 4 * parameters);
    CHECK(row.at("methods").at(0).at("nodes").at("flops") == 3 * parameters * steps);
}
