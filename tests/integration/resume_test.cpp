#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <span>

#include "common/files/sha256.hpp"
#include "common/run/checkpoint.hpp"
#include "tests/integration/tiny_spec.hpp"
#include "tests/support/command.hpp"
#include "tests/support/completed_lines.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::run;
using namespace fedgram::test;
using nlohmann::json;
using nlohmann::ordered_json;

namespace {

constexpr const char* more_rounds = "federated.max_rounds=30";

/// What the run holds that was once written and must stay.
std::map<std::string, std::string> results(const std::filesystem::path& run)
{
    std::map<std::string, std::string> texts;
    for (const std::string file : {"rounds.jsonl", "ledger.jsonl", "host.jsonl", "summary.json", "spec.json"})
        texts[file] = read_file(run / file);
    return texts;
}

std::vector<json> lines_of(const std::filesystem::path& file)
{
    std::istringstream text{read_file(file)};
    std::vector<json> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(json::parse(line));
    return lines;
}

/// A run whose launcher got the signal once it had so many rounds, with the coordinator gone.
void interrupt(const TemporaryFolder& folder, std::ptrdiff_t rounds, const std::string& checkpoint_interval,
               const std::string& set = more_rounds, int signal = SIGKILL)
{
    write_file(folder / "tiny.json", tiny_spec);
    Process process{"fedgram",
                    {"run", folder / "tiny.json", "--out", folder / "run", "--set", more_rounds, "--set", set,
                     "--checkpoint-interval", checkpoint_interval}};
    const auto text = [&] {
        const auto path = folder / "run" / "rounds.jsonl";
        return std::filesystem::exists(path) ? read_file(path) : std::string{};
    };
    for (int tries = 0; tries < 6000; ++tries) {
        const auto now = text();
        if (std::count(now.begin(), now.end(), '\n') >= rounds) break;
        ::usleep(10'000);
    }
    process.send(signal);
    CHECK(process.wait().exit_code == 128 + signal);
}

}  // namespace

TEST_CASE("A run that is over is not begun again", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    REQUIRE(run("fedgram", {"run", folder / "tiny.json", "--out", folder / "run"}).exit_code == 0);
    const auto before = results(folder / "run");

    const auto again = run("fedgram-coordinator", {"--resume", folder / "run"});
    INFO(again.err);
    CHECK(again.exit_code == 0);
    CHECK_THAT(again.err, Catch::Contains("is over; nothing is left to do"));
    CHECK(run("fedgram", {"run", "--resume", folder / "run"}).exit_code == 0);
    const auto mixed = run("fedgram-coordinator", {"--spec", folder / "run" / "spec.json", "--out", folder / "run"});
    CHECK(mixed.exit_code == 5);
    CHECK_THAT(mixed.err, Catch::Contains("holds a run already"));
    CHECK(results(folder / "run") == before);
}

TEST_CASE("A run that ended before its results were written needs no client to write them", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    REQUIRE(run("fedgram", {"run", folder / "tiny.json", "--out", folder / "run"}).exit_code == 0);
    const auto before = results(folder / "run");
    // As the end of the last training leaves it: a checkpoint that knows all of them, and no summary of the last.
    const auto length = [&](const char* file) { return std::filesystem::file_size(folder / "run" / file); };
    const auto spec = ordered_json::parse(before.at("spec.json")).dump();
    write_checkpoint(folder / "run", {.spec_sha256 = fedgram::files::sha256(std::as_bytes(std::span{spec})),
                                      .finished = read_summary(folder / "run").trainings,
                                      .ends = {length("rounds.jsonl"), length("ledger.jsonl"), length("host.jsonl")}});
    std::filesystem::remove(folder / "run" / "summary.json");

    Process coordinator{"fedgram-coordinator", {"--resume", folder / "run"}};
    for (int tries = 0; tries < 600 && has_checkpoint(folder / "run"); ++tries) ::usleep(100'000);
    REQUIRE_FALSE(has_checkpoint(folder / "run"));
    CHECK(coordinator.wait().exit_code == 0);
    CHECK(results(folder / "run") == before);
}

TEST_CASE("Without a checkpoint that is whole a run is not begun again in silence", "[integration]")
{
    const TemporaryFolder folder;
    interrupt(folder, 6, "0");
    for (const std::string file : {"checkpoint.bin", "checkpoint.previous.bin"})
        write_file(folder / "run" / file, "damaged");
    const auto ledger = read_file(folder / "run" / "ledger.jsonl");
    const auto outcome = run("fedgram", {"run", "--resume", folder / "run"});
    INFO(outcome.err);
    CHECK(outcome.exit_code == 3);
    CHECK_THAT(outcome.err, Catch::Contains("checkpoint.bin is no checkpoint") && Catch::Contains("there is no other"));
    CHECK(read_file(folder / "run" / "ledger.jsonl") == ledger);
}

TEST_CASE("Work that a crash has wasted counts once, however often the run is taken up", "[integration]")
{
    const TemporaryFolder folder;
    interrupt(folder, 8, "1000");  // the only checkpoint is that of the end of the centralized training
    const auto done = lines_of(folder / "run" / "ledger.jsonl").size();
    REQUIRE(done > 10);

    // Taken up, and ended before its training begins: no client comes.
    for (int times = 0; times < 2; ++times) {
        Process coordinator{"fedgram-coordinator", {"--resume", folder / "run"}};
        static_cast<void>(coordinator.read_line());
        coordinator.send(SIGKILL);
        static_cast<void>(coordinator.wait());
    }
    std::size_t lost = 0;
    const auto taken_up = lines_of(folder / "run" / "ledger.jsonl");
    CHECK(taken_up.size() >= done);
    for (const auto& line : taken_up) {
        CHECK(line.value("wasted", false) == (line.at("training") != "central"));
        lost += line.value("wasted", false);
    }

    const auto outcome = run("fedgram", {"run", "--resume", folder / "run"});
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    std::map<std::string, std::size_t> wasted_lines;
    std::map<std::string, double> cpu_seconds;
    std::size_t wasted = 0;
    for (const auto& line : lines_of(folder / "run" / "ledger.jsonl"))
        if (line.value("wasted", false)) {
            ++wasted;
            ++wasted_lines[line.at("training")];
        }
    for (const auto& line : lines_of(folder / "run" / "host.jsonl"))
        cpu_seconds[line.at("training")] += line.at("cpu_seconds").get<double>();
    CHECK(wasted == lost);
    const auto summary = json::parse(read_file(folder / "run" / "summary.json"));
    for (const auto& training : summary.at("trainings")) {
        CHECK(training.at("wasted_lines") == wasted_lines[training.at("label")]);
        CHECK(training.at("host_node_cpu_seconds").get<double>() == Approx(cpu_seconds[training.at("label")]));
    }

    REQUIRE(run("fedgram", {"run", folder / "tiny.json", "--out", folder / "undisturbed", "--set", more_rounds})
                .exit_code == 0);
    CHECK(completed_lines(read_file(folder / "run" / "ledger.jsonl")) ==
          read_file(folder / "undisturbed" / "ledger.jsonl"));
    CHECK(read_file(folder / "run" / "table.json") == read_file(folder / "undisturbed" / "table.json"));
}

TEST_CASE("A run that is stopped by Ctrl-C loses no whole round, however seldom its checkpoints are", "[integration]")
{
    const TemporaryFolder folder;
    interrupt(folder, 8, "3600", more_rounds, SIGINT);
    const auto wasted = [&] {
        std::map<std::string, std::set<int>> rounds;
        for (const auto& line : lines_of(folder / "run" / "ledger.jsonl"))
            if (line.value("wasted", false)) rounds[line.at("training")].insert(line.at("round").get<int>());
        return rounds;
    };
    const auto rounds = read_file(folder / "run" / "rounds.jsonl");
    const auto unfinished = wasted();
    const auto outcome = run("fedgram", {"run", "--resume", folder / "run"});
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK(wasted() == unfinished);
    CHECK_THAT(read_file(folder / "run" / "rounds.jsonl"), Catch::StartsWith(rounds));

    REQUIRE(run("fedgram", {"run", folder / "tiny.json", "--out", folder / "undisturbed", "--set", more_rounds})
                .exit_code == 0);
    CHECK(completed_lines(read_file(folder / "run" / "ledger.jsonl")) ==
          read_file(folder / "undisturbed" / "ledger.jsonl"));
    CHECK(read_file(folder / "run" / "table.json") == read_file(folder / "undisturbed" / "table.json"));
}

TEST_CASE("A run that is evaluated now and then goes on between two evaluations, to the same bytes", "[integration]")
{
    constexpr const char* seldom = "federated.evaluate_every_rounds=7";
    const TemporaryFolder folder;
    interrupt(folder, 6, "0", seldom);
    const auto outcome = run("fedgram", {"run", "--resume", folder / "run"});
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    REQUIRE(run("fedgram",
                {"run", folder / "tiny.json", "--out", folder / "undisturbed", "--set", more_rounds, "--set", seldom})
                .exit_code == 0);
    for (const std::string file : {"rounds.jsonl", "table.json"})
        CHECK(read_file(folder / "run" / file) == read_file(folder / "undisturbed" / file));
    CHECK(completed_lines(read_file(folder / "run" / "ledger.jsonl")) ==
          read_file(folder / "undisturbed" / "ledger.jsonl"));

    std::map<std::string, std::vector<int>> evaluated;
    for (const auto& round : lines_of(folder / "run" / "rounds.jsonl"))
        if (!round.at("test_accuracy").is_null()) evaluated[round.at("training")].push_back(round.at("round"));
    CHECK(evaluated["iid"] == std::vector{7, 14, 21, 28, 30});
    const auto outcomes = [&](const std::string& run) {
        std::vector<json> values;
        const auto summary = json::parse(read_file(folder / run / "summary.json"));
        for (const auto& training : summary.at("trainings"))
            for (const std::string key : {"parameters_sha256", "test_accuracy", "best_test_accuracy", "rounds"})
                values.push_back(training.at(key));
        return values;
    };
    CHECK(outcomes("run") == outcomes("undisturbed"));
}

TEST_CASE("An interrupted run is told by the accuracy of the model that it leaves, evaluated or not", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    const auto out = folder / "run";
    Process process{"fedgram",
                    {"run", folder / "tiny.json", "--out", out, "--set", "federated.max_rounds=100000", "--set",
                     "federated.evaluate_every_rounds=100000"}};
    const auto in_midst = [&] {
        return std::filesystem::exists(out / "rounds.jsonl") &&
               read_file(out / "rounds.jsonl").find("\"iid\"") != std::string::npos;
    };
    for (int tries = 0; tries < 600 && !in_midst(); ++tries) ::usleep(100'000);
    process.send(SIGINT);
    const auto outcome = process.wait();
    INFO(outcome.err);
    CHECK(outcome.exit_code == 130);
    CHECK(json::parse(read_file(out / "summary.json")).at("trainings").at(1).at("test_accuracy").get<double>() > 0.1);
    for (const auto& round : lines_of(out / "rounds.jsonl"))
        CHECK(round.at("test_accuracy").is_null() == (round.at("training") == "iid"));
    for (const auto& line : lines_of(out / "ledger.jsonl"))
        CHECK_FALSE((line.at("training") == "iid" && line.at("phase") == "evaluate"));
}
