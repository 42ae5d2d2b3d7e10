#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using nlohmann::json;

namespace {

std::vector<json> lines_of(const std::filesystem::path& file)
{
    std::istringstream text{read_file(file)};
    std::vector<json> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(json::parse(line));
    return lines;
}

json summary_of(const std::filesystem::path& run) { return json::parse(read_file(run / "summary.json")); }

/// Runs it with one client process and with two, which must give the same bytes; the standard errors of both.
std::string check_same_bytes(const TemporaryFolder& folder, const std::string& spec,
                             const std::vector<std::string>& sets)
{
    std::string said;
    for (const std::string processes : {"1", "2"}) {
        std::vector<std::string> arguments{"run", spec, "--out", folder / processes, "--client-processes", processes};
        for (const auto& set : sets) arguments.insert(arguments.end(), {"--set", set});
        const auto outcome = run("fedgram", arguments);
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        said += outcome.err;
    }
    for (const std::string file : {"spec.json", "rounds.jsonl", "ledger.jsonl", "table.json"})
        CHECK(read_file(folder / "1" / file) == read_file(folder / "2" / file));
    CHECK(summary_of(folder / "1").at("trainings").at(0).at("parameters_sha256") ==
          summary_of(folder / "2").at("trainings").at(0).at("parameters_sha256"));
    return said;
}

}  // namespace

TEST_CASE("pfl-cifar10 runs without its images on synthetic ones, says so, and looks at the last round",
          "[integration]")
{
    const TemporaryFolder folder;
    const auto said = check_same_bytes(
        folder, "pfl-cifar10",
        {"data.train_samples=500", "federated.nodes=10", "federated.client_fraction=0.2", "federated.max_rounds=2"});
    CHECK_THAT(said, Catch::Contains("there is no cifar10; synthetic-cifar10 stands in for it"));
    const std::string note = "synthetic images in the shapes of CIFAR-10: accuracies say nothing about CIFAR-10";
    CHECK_THAT(said, Catch::Contains("synthetic-cifar10: " + note));
    const auto run_folder = folder / "1";
    CHECK_THAT(read_file(run_folder / "table.txt"), Catch::Contains(note));
    CHECK(json::parse(read_file(run_folder / "table.json")).at("title_note") == note);
    CHECK(summary_of(run_folder).at("dataset") == "synthetic-cifar10");
    CHECK(summary_of(run_folder).at("dataset_note") == note);
    CHECK(json::parse(read_file(run_folder / "spec.json")).at("data").at("dataset") == "synthetic-cifar10");
    CHECK_THAT(run("fedgram", {"report", run_folder}).out, Catch::Contains("on synthetic-cifar10"));

    const auto rounds = lines_of(run_folder / "rounds.jsonl");
    REQUIRE(rounds.size() == 2);
    CHECK((rounds[0].at("test_accuracy").is_null() && rounds[0].at("test_loss").is_null()));
    CHECK(rounds[0].at("train_loss").get<double>() > 0);
    CHECK(rounds[1].at("test_accuracy") == summary_of(run_folder).at("trainings").at(0).at("test_accuracy"));
    for (const auto& line : lines_of(run_folder / "ledger.jsonl"))
        if (line.at("phase") == "evaluate") CHECK(line.at("round") == 2);
}

TEST_CASE("scale runs with many more nodes than a round has", "[integration]")
{
    const TemporaryFolder folder;
    check_same_bytes(folder, "scale", {"federated.nodes=2000", "federated.max_rounds=2"});
    const auto rounds = lines_of(folder / "1" / "rounds.jsonl");
    REQUIRE(rounds.size() == 2);
    for (const auto& round : rounds) CHECK(round.at("participants") == 20);
    for (const auto& line : lines_of(folder / "1" / "ledger.jsonl"))
        if (line.at("phase") == "train") CHECK(line.at("samples") == 20);
}

TEST_CASE("The images of pfl-cifar10 are taken from the folder that is named, or it is refused", "[integration]")
{
    const TemporaryFolder folder;
    const auto outcome = run("fedgram", {"run", "pfl-cifar10", "--out", folder / "run", "--data-dir", folder.path()});
    CHECK(outcome.exit_code == 3);
    CHECK_THAT(outcome.err,
               Catch::Contains("data_batch_1.bin: no such file") && Catch::Contains("data.dataset=synthetic-cifar10"));
    CHECK_FALSE(std::filesystem::exists(folder / "run"));
}
