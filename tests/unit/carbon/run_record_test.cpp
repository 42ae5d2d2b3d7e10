#include "common/carbon/run_record.hpp"

#include <fstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <unistd.h>

#include "common/carbon/render.hpp"
#include "common/error/error.hpp"
#include "tests/unit/carbon/sample.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using Json = nlohmann::ordered_json;

namespace {

// A run folder that lasts as long as its test.
class RunFolder {
public:
    RunFolder() : path_{std::filesystem::temp_directory_path() / ("fedgram-run-" + std::to_string(getpid()))}
    {
        std::filesystem::create_directory(path_);
        write("spec.json", spec().dump());
        write("summary.json", summary().dump());
        std::string ledger;
        for (const auto& lines : {test::centralized_lines(), test::federated_lines()})
            for (const auto& line : lines) ledger += energy::to_json_line(line) + "\n";
        auto wasted = test::federated_lines().front();
        wasted.wasted = true;
        write("ledger.jsonl", ledger + energy::to_json_line(wasted) + "\n");
    }
    ~RunFolder() { std::filesystem::remove_all(path_); }
    RunFolder(const RunFolder&) = delete;
    RunFolder& operator=(const RunFolder&) = delete;

    static Json spec()
    {
        return {{"name", "sample"},
                {"seed", 1},
                {"target_accuracy", 0.9},
                {"stop", {{"evaluations_in_a_row", 2}}},
                {"title_note", "quick"},
                {"model", {{"name", "small-cnn"}}},
                {"data", {{"dataset", "fashion-mnist"}}},
                {"accounting", to_json(test::accounting())}};
    }

    static Json summary()
    {
        const auto training = [](const char* label, const char* kind, const Json& reached) {
            return Json{{"label", label},
                        {"kind", kind},
                        {"reached_target", reached},
                        {"test_accuracy", 0.901},
                        {"best_test_accuracy", 0.902},
                        {"rounds", 4},
                        {"host_cpu_seconds", 12.5},
                        {"host_wall_seconds", 7}};
        };
        Json trainings;
        trainings.push_back(training("central", "centralized", true));
        trainings.push_back(training("fl", "federated", false));
        return {{"raw_data_bytes", 47040000}, {"trainings", trainings}};
    }

    void write(const std::string& name, const std::string& text) const { std::ofstream{path_ / name} << text; }

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    [[nodiscard]] std::string error() const
    {
        try {
            (void)read_run(path_);
        } catch (const DataError& error) {
            return error.what();
        }
        return "no error";
    }

private:
    std::filesystem::path path_;
};

}  // namespace

TEST_CASE("A run folder is enough for a table")
{
    const RunFolder folder;
    const auto run = read_run(folder.path());
    CHECK(run.name == "sample");
    CHECK(run.title_note == "quick");
    CHECK(run.target == 0.9);
    CHECK(run.stop_rule() == "2 evaluations in a row at or above 90.0 % end a training");
    CHECK(run.raw_data_bytes == 47'040'000);
    CHECK(to_json(run.accounting) == to_json(test::accounting()));
    REQUIRE(run.trainings.size() == 2);
    CHECK(run.trainings[0].outcome.label == "central");
    CHECK(run.trainings[0].outcome.kind == TrainingKind::centralized);
    CHECK(run.trainings[0].outcome.reached_target == true);
    CHECK(run.trainings[0].lines.size() == 2);
    CHECK(run.trainings[0].host_cpu_seconds == 12.5);
    CHECK(run.trainings[1].outcome.missed_target());
    CHECK(run.trainings[1].lines.size() == 8);
    CHECK(run.wasted_lines == 1);
    CHECK(run.wasted.count() == Approx(16));
}

TEST_CASE("Refused updates are read by training and reason")
{
    const RunFolder folder;
    auto summary = RunFolder::summary();
    summary["trainings"][1]["refused_updates"] = {{"not_finite", 2}, {"repeated", 1}};
    folder.write("summary.json", summary.dump());
    const auto run = read_run(folder.path());
    CHECK(run.trainings[0].refused_updates.empty());
    CHECK(run.trainings[1].refused_updates == std::map<std::string, std::uint64_t>{{"not_finite", 2}, {"repeated", 1}});
    const auto notes = footnotes(run);
    REQUIRE(notes.refused.size() == 1);
    CHECK(notes.refused[0].label == "fl");

    summary["trainings"][1]["refused_updates"] = {{"not_finite", -2}};
    folder.write("summary.json", summary.dump());
    CHECK_THAT(folder.error(), Catch::Contains("refused_updates.not_finite: -2 is not valid"));
    summary["trainings"][1]["refused_updates"] = 3;
    folder.write("summary.json", summary.dump());
    CHECK_THAT(folder.error(), Catch::Contains("refused_updates: 3 is not valid"));
}

TEST_CASE("A run without a target has none to reach")
{
    const RunFolder folder;
    auto spec = RunFolder::spec();
    spec["target_accuracy"] = nullptr;
    spec.erase("title_note");
    folder.write("spec.json", spec.dump());
    auto summary = RunFolder::summary();
    summary["trainings"][1]["reached_target"] = nullptr;
    folder.write("summary.json", summary.dump());
    const auto run = read_run(folder.path());
    CHECK_FALSE(run.target.has_value());
    CHECK_FALSE(run.trainings[1].outcome.reached_target.has_value());
    CHECK_FALSE(run.trainings[1].outcome.missed_target());
}

TEST_CASE("A damaged run folder is an error by file and key")
{
    const RunFolder folder;
    SECTION("no folder")
    {
        CHECK_THROWS_WITH(read_run("/nonexistent"),
                          "/nonexistent/spec.json: can't be opened; /nonexistent is no run folder");
    }
    SECTION("no JSON")
    {
        folder.write("summary.json", "{");
        CHECK(folder.error().find(folder.path().string() + "/summary.json:1:1: ") == 0);
    }
    SECTION("JSON nested so deep that copying it would exhaust the stack")
    {
        constexpr std::size_t levels = 1'000'000;
        folder.write("spec.json", std::string(levels, '[') + std::string(levels, ']'));
        CHECK(folder.error() == folder.path().string() + "/spec.json: more than 64 levels of nesting");
    }
    SECTION("a model's name that is no text")
    {
        auto spec = RunFolder::spec();
        spec["model"]["name"] = 5;
        folder.write("spec.json", spec.dump());
        CHECK(folder.error() ==
              folder.path().string() + "/spec.json: spec.model.name: 5 is not valid; use a text that is not empty");
    }
    SECTION("a key is missing")
    {
        auto summary = RunFolder::summary();
        summary["trainings"][1].erase("rounds");
        folder.write("summary.json", summary.dump());
        CHECK(folder.error() == folder.path().string() + "/summary.json: summary.trainings[1].rounds: missing; add it");
    }
    SECTION("an accounting section that isn't resolved")
    {
        auto spec = RunFolder::spec();
        spec["accounting"].erase("countries");
        folder.write("spec.json", spec.dump());
        CHECK(folder.error() ==
              "accounting.countries[0]: \"USA\" is a name; a run's spec.json holds what it stands for");
    }
    SECTION("the ledger tells of another training")
    {
        auto line = test::federated_lines().front();
        line.training = "stranger";
        folder.write("ledger.jsonl", energy::to_json_line(line) + "\n");
        CHECK(folder.error() == folder.path().string() + "/ledger.jsonl: training \"stranger\" isn't in summary.json");
    }
}
