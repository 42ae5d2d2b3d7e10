// A run that stops behind a round and is gone on with, and one that validates on samples of its own.
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/integration/tiny_spec.hpp"
#include "tests/support/command.hpp"
#include "tests/support/json_lines.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using nlohmann::json;

namespace {

class Runs {
public:
    Runs() { write_file(folder_ / "tiny.json", tiny_spec); }

    [[nodiscard]] std::filesystem::path path(const std::string& name) const { return folder_ / name; }

    Outcome run_as(const std::string& name, const std::vector<std::string>& more = {}) const
    {
        std::vector<std::string> arguments{"run", folder_ / "tiny.json", "--out", path(name)};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run("fedgram", arguments);
    }

    [[nodiscard]] json summary(const std::string& name) const
    {
        return json::parse(read_file(path(name) / "summary.json"));
    }

    void check_same(const std::string& one, const std::string& other) const
    {
        for (const char* file : {"table.json", "rounds.jsonl", "ledger.jsonl"})
            CHECK(read_file(path(one) / file) == read_file(path(other) / file));
    }

private:
    TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("A run that pauses and is taken up comes to the same bytes", "[integration]")
{
    const Runs runs;
    for (const std::string label : {"iid", "central"}) {
        const std::vector<std::string> only{"--only", label};
        REQUIRE(runs.run_as("whole-" + label, only).exit_code == 0);
        const auto paused = runs.run_as("pieces-" + label, {"--only", label, "--pause-at", "1"});
        CHECK(paused.exit_code == 0);
        CHECK_THAT(paused.err, Catch::Contains(label + " pauses after round 1"));
        CHECK(runs.summary("pieces-" + label).at("trainings").at(0).at("ended_by") == "interrupted");
        CHECK(json_lines(runs.path("pieces-" + label) / "rounds.jsonl").size() == 1);

        // Asked for as much again, it has nothing to do; for more, it goes on.
        CHECK(runs.run_as("pieces-" + label, {"--only", label, "--take-up", "--pause-at", "1"}).exit_code == 0);
        CHECK(json_lines(runs.path("pieces-" + label) / "rounds.jsonl").size() == 1);
        CHECK(runs.run_as("pieces-" + label, {"--only", label, "--take-up"}).exit_code == 0);
        runs.check_same("pieces-" + label, "whole-" + label);

        // Whole, it stays as it is.
        CHECK(runs.run_as("pieces-" + label, {"--only", label, "--take-up"}).exit_code == 0);
        runs.check_same("pieces-" + label, "whole-" + label);
    }
    const auto other = runs.run_as("pieces-iid", {"--only", "iid", "--take-up", "--set", "seed=4"});
    CHECK(other.exit_code == 2);
    CHECK_THAT(other.err, Catch::Contains("holds a run of another specification; choose another --out"));
    CHECK_THAT(runs.run_as("x", {"--only", "nobody"}).err,
               Catch::Contains("--only: \"nobody\" is no training of tiny; use one of central, iid, skewed"));
    CHECK_FALSE(std::filesystem::exists(runs.path("x")));
}

TEST_CASE("A run with a validation split sees the test set once, or never", "[integration]")
{
    const Runs runs;
    const std::vector<std::string> split{"--set", "data.validation_share=0.2", "--set", "target_accuracy=0.9"};
    REQUIRE(runs.run_as("once", split).exit_code == 0);
    for (const auto& line : json_lines(runs.path("once") / "rounds.jsonl")) {
        CHECK(line.contains("validation_accuracy"));
        CHECK_FALSE(line.contains("test_accuracy"));
        // Of 120 samples: an accuracy is a whole number of them.
        const auto correct = line.at("validation_accuracy").get<double>() * 120;
        CHECK(correct == Approx(std::round(correct)));
    }
    for (const auto& training : runs.summary("once").at("trainings")) {
        CHECK(training.at("test_accuracy").is_number());
        CHECK(training.at("best_validation_accuracy").is_number());
    }
    const auto table = read_file(runs.path("once") / "table.txt");
    CHECK_THAT(table, Catch::Contains("90.0 % validation accuracy"));
    CHECK_THAT(table, Catch::Contains("on the test set, which was looked at this once."));

    REQUIRE(runs.run_as("never", {"--set", "data.validation_share=0.2", "--set", "target_accuracy=0.9", "--set",
                                  "data.measure_test=false"})
                .exit_code == 0);
    CHECK(read_file(runs.path("never") / "rounds.jsonl") == read_file(runs.path("once") / "rounds.jsonl"));
    for (const auto& training : runs.summary("never").at("trainings")) CHECK(training.at("test_accuracy").is_null());
}
