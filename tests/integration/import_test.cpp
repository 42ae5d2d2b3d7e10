// A run's own ledger, written as another framework would record it, must give the run's own table.

#include <map>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/integration/tiny_spec.hpp"
#include "tests/support/command.hpp"
#include "tests/support/json_lines.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using nlohmann::json;

namespace {

/// The work of a run as a CSV file.
std::string recorded(const std::filesystem::path& run)
{
    std::map<std::pair<std::string, std::uint32_t>, std::string> accuracies;
    for (const auto& round : json_lines(run / "rounds.jsonl"))
        accuracies[{round.at("training"), round.at("round")}] = round.at("test_accuracy").dump();
    struct Bytes {
        std::string down;
        std::string up;
    };
    std::map<std::tuple<std::string, std::uint32_t, std::string>, Bytes> sent;
    const auto ledger = json_lines(run / "ledger.jsonl");
    for (const auto& line : ledger) {
        auto& bytes = sent[{line.at("training"), line.at("round"), line.at("node").dump()}];
        if (line.at("phase") == "download") bytes.down = line.at("bytes_down").dump();
        if (line.at("phase") == "upload") bytes.up = line.at("bytes_up").dump();
    }
    std::string text =
        "training,round,node,samples,steps,flops,memory_bytes,kernels,bytes_down,bytes_up,test_accuracy\n";
    for (const auto& line : ledger) {
        if (line.at("phase") != "train") continue;
        const std::string label = line.at("training");
        const std::uint32_t round = line.at("round");
        const auto& [down, up] = sent[{label, round, line.at("node").dump()}];
        text += label + "," + std::to_string(round) + "," + (label == "central" ? "" : line.at("node").dump());
        for (const auto* key : {"samples", "steps", "flops", "memory_bytes", "kernels"})
            text += "," + line.at(key).dump();
        text += "," + (label == "central" ? "0,0" : down + "," + up) + "," + accuracies[{label, round}] + "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("Work that is recorded and imported has the cells, rounds and accuracies of the run it is of",
          "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    REQUIRE(run("fedgram", {"run", folder / "tiny.json", "--out", folder / "run"}).exit_code == 0);
    write_file(folder / "flower.csv", recorded(folder / "run"));
    const auto outcome = run("fedgram", {"import", folder / "flower.csv", "--out", folder / "imported", "--model",
                                         "mlp", "--dataset", "Fashion-MNIST"});
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK_THAT(outcome.out, Catch::StartsWith("gCO2e to train flower (work imported from flower.csv)\n"));
    CHECK_THAT(outcome.out, Catch::Contains("nothing of it was trained or counted here"));
    CHECK_THAT(outcome.out, !Catch::Contains("which simulated"));

    const auto own = json::parse(read_file(folder / "run/table.json"));
    const auto imported = json::parse(read_file(folder / "imported/table.json"));
    CHECK(imported.at("cells") == own.at("cells"));
    CHECK(imported.at("columns") == own.at("columns"));
    const auto rounds = json_lines(folder / "run/rounds.jsonl");
    const auto again = json_lines(folder / "imported/rounds.jsonl");
    REQUIRE(again.size() == rounds.size());
    for (std::size_t i = 0; i < rounds.size(); ++i)
        for (const auto* key : {"training", "round", "test_accuracy", "virtual_seconds", "gco2e", "device_joules"})
            CHECK(again[i].at(key) == rounds[i].at(key));
    const auto listed = json::parse(run("fedgram", {"list", folder.path(), "--json"}).out).at("runs");
    REQUIRE(listed.size() == 2);
    CHECK(listed[0].at("state") == "whole");
    CHECK(listed[0].at("trainings")[1].at("gco2e") == listed[1].at("trainings")[1].at("gco2e"));
    CHECK(listed[0].at("trainings")[1].at("test_accuracy") == listed[1].at("trainings")[1].at("test_accuracy"));
    CHECK_THAT(run("fedgram", {"report", folder / "imported"}).out,
               Catch::Contains("Training mlp on Fashion-MNIST as"));

    // Priced anew it is a run like others; trained it can't be.
    CHECK(run("fedgram", {"table", folder / "imported", "--countries", "DEU", "--target", "0.2"}).exit_code == 0);
    const auto resumed = run("fedgram", {"run", "--resume", folder / "imported"});
    CHECK(resumed.exit_code == 2);
    CHECK_THAT(resumed.err, Catch::Contains("the work of this run was imported; it can be priced, and not run"));
}

TEST_CASE("An import says what its file leaves out, and leaves nothing behind where it fails", "[integration]")
{
    const TemporaryFolder folder;
    const std::string heading = "training,round,node,samples,steps,flops,bytes_down,bytes_up\n";
    write_file(folder / "work.csv", heading + "fl,1,0,60,2,1000000000,1000,1000\n");
    const auto outcome =
        run("fedgram", {"import", folder / "work.csv", "--out", folder / "imported", "--countries", "DEU", "--full"});
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK_THAT(outcome.out, Catch::Contains("has no kernels and no memory_bytes"));
    CHECK_THAT(outcome.out, Catch::Contains("unknown"));
    const auto csv = read_file(folder / "imported/table.csv");
    CHECK_THAT(csv, !Catch::Contains("nan"));
    CHECK(json::parse(read_file(folder / "imported/summary.json")).at("trainings")[0].at("test_accuracy").is_null());
    const auto target = run("fedgram", {"table", folder / "imported", "--target", "0.5"});
    CHECK(target.exit_code == 2);
    CHECK_THAT(target.err, Catch::Contains("rounds.jsonl has no test accuracy"));

    const auto refuse = [&](std::vector<std::string> more, const std::string& why) {
        std::vector<std::string> arguments{"import", folder / "work.csv", "--out", folder / "none"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto refused = run("fedgram", arguments);
        CHECK(refused.exit_code == 2);
        CHECK_THAT(refused.err, Catch::Contains(why));
        CHECK_FALSE(std::filesystem::exists(folder / "none"));
    };
    refuse({"--target", "0.5"}, "--target");
    refuse({"--dataset",
            "a\xff"
            "b"},
           "--dataset: is empty, no UTF-8, or holds a control character");
    refuse({"--model", ""}, "--model: is empty");
    refuse({"--countries", "Atlantis"}, "Atlantis");
    refuse({"--name", "a/b"}, "--name: \"a/b\" is not valid");
    refuse({"--kwh-per-gb", "0.1"}, "--kwh-per-gb");
    write_file(folder / "work.csv", heading + "fl,1,0,60,2,many,1000,1000\n");
    const auto damaged = run("fedgram", {"import", folder / "work.csv", "--out", folder / "none"});
    CHECK(damaged.exit_code == 3);
    CHECK_THAT(damaged.err, Catch::Contains("work.csv:2: flops: \"many\" is not valid"));
    CHECK_FALSE(std::filesystem::exists(folder / "none"));
}
