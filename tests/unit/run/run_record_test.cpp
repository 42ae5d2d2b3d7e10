#include "common/run/run_record.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/report/render/render.hpp"
#include "tests/support/written_run_folder.hpp"

using namespace fedgram;
using namespace fedgram::run;
using carbon::test::RunFolder;

namespace {

std::string error(const RunFolder& folder)
{
    try {
        (void)read_run(folder.path());
    } catch (const DataError& error) {
        return error.what();
    }
    return "no error";
}

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
    CHECK(carbon::to_json(run.accounting) == carbon::to_json(carbon::test::accounting()));
    REQUIRE(run.trainings.size() == 2);
    CHECK(run.trainings[0].outcome.label == "central");
    CHECK(run.trainings[0].outcome.kind == TrainingKind::centralized);
    CHECK(run.trainings[0].outcome.reached_target == true);
    CHECK(run.trainings[0].work == carbon::test::work_of(carbon::test::centralized_lines()));
    CHECK(run.trainings[0].host_cpu_seconds == 12.5);
    CHECK(run.trainings[1].outcome.missed_target());
    CHECK(run.trainings[1].work == carbon::test::work_of(carbon::test::federated_lines()));
    CHECK(run.wasted_lines == 1);
    CHECK(run.wasted.count() == Approx(16));
    CHECK_FALSE(run.host_cpu_model);
}

TEST_CASE("A ledger that ends before its summary does is refused")
{
    const RunFolder folder;
    folder.write("ledger.jsonl", "");
    CHECK(error(folder) == (folder.path() / "ledger.jsonl").string() +
                               ": \"central\" ends after round 0, and has 1 in summary.json; the ledger is cut off");
    auto summary = RunFolder::summary();
    summary["trainings"][1]["rounds"] = 2;
    folder.write("ledger.jsonl", RunFolder::ledger());
    folder.write("summary.json", summary.dump());
    CHECK_THAT(error(folder), Catch::Contains("\"fl\" ends after round 1, and has 2 in summary.json"));
}

TEST_CASE("A summary that names its machine's CPU is read with it")
{
    const RunFolder folder;
    auto summary = RunFolder::summary();
    summary["host"] = {{"cpu_model", "A CPU"}};
    folder.write("summary.json", summary.dump());
    CHECK(read_run(folder.path()).host_cpu_model == "A CPU");
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
    const auto notes = report::footnotes(run, run.accounting);
    REQUIRE(notes.refused.size() == 1);
    CHECK(notes.refused[0].label == "fl");
    CHECK(notes.restarted.empty());

    summary["trainings"][1]["refused_updates"] = {{"not_finite", -2}};
    folder.write("summary.json", summary.dump());
    CHECK_THAT(error(folder), Catch::Contains("refused_updates.not_finite: -2 is not valid"));
    summary["trainings"][1]["refused_updates"] = 3;
    folder.write("summary.json", summary.dump());
    CHECK_THAT(error(folder), Catch::Contains("refused_updates: 3 is not valid"));
}

TEST_CASE("Nodes that have begun anew are read by training")
{
    const RunFolder folder;
    auto summary = RunFolder::summary();
    summary["trainings"][1]["restarted_nodes"] = {0, 3};
    folder.write("summary.json", summary.dump());
    const auto run = read_run(folder.path());
    CHECK(run.trainings[1].restarted_nodes == std::vector<std::uint32_t>{0, 3});
    const auto notes = report::footnotes(run, run.accounting);
    REQUIRE(notes.restarted.size() == 1);
    CHECK(notes.restarted[0].label == "fl");
    CHECK(notes.restarted[0].nodes == std::vector<std::uint32_t>{0, 3});
}

TEST_CASE("What methods a training has is read from its summary, and what else decides it from its plan")
{
    const RunFolder folder;
    auto spec = RunFolder::spec();
    const auto planned = [](const char* label, std::uint32_t nodes) {
        return nlohmann::ordered_json{{"label", label}, {"kind", "federated"}, {"nodes", nodes}};
    };
    spec["trainings"][1] = planned("fl", 2);
    spec["trainings"][1]["strategy"] = {{"kind", "scaffold"}};
    folder.write("spec.json", spec.dump());
    auto run = read_run(folder.path());
    CHECK(run.trainings[1].methods.empty());  // a folder from before they were counted
    CHECK_FALSE(run.trainings[1].is_plain_fedavg);
    const auto setting = run.trainings[1].beside_methods;
    CHECK(run.trainings[0].beside_methods.empty());

    const MethodCost cost{{spec::Method::strategy, "SCAFFOLD", "a paper", "so", "", ""}, {.flops = 8}, {}};
    auto summary = RunFolder::summary();
    summary["trainings"][1]["model_parameters"] = 5;
    summary["trainings"][1]["methods"] = {to_json(cost)};
    folder.write("summary.json", summary.dump());
    spec["trainings"][1] = planned("fl", 2);
    folder.write("spec.json", spec.dump());
    run = read_run(folder.path());
    CHECK(run.trainings[1].methods == std::vector{cost});
    CHECK(run.trainings[1].model_parameters == 5);
    CHECK(run.trainings[1].is_plain_fedavg);
    CHECK(run.trainings[1].beside_methods == setting);

    CHECK(run.trainings[1].local_training.empty());

    spec["trainings"][1] = planned("fl", 3);
    spec["trainings"][1]["optimizer"] = "adam";
    folder.write("spec.json", spec.dump());
    CHECK(read_run(folder.path()).trainings[1].local_training == "Adam");
    CHECK(read_run(folder.path()).trainings[1].beside_methods != setting);
}

TEST_CASE("A training in bf16 is named, with the rates that its FLOPs are priced at")
{
    const RunFolder folder;
    CHECK(read_run(folder.path()).notes.empty());
    auto spec = RunFolder::spec();
    spec["trainings"][0]["precision"] = "bf16";
    folder.write("spec.json", spec.dump());
    const std::string note = spec["trainings"][0]["label"].get<std::string>() +
                             " trained in precision bf16, products in bfloat16 and all else in float32; device "
                             "profiles price its FLOPs at float32 rates.";
    CHECK(read_run(folder.path()).notes == std::vector{note});
}

TEST_CASE("A training without an end is in no table, and is named beneath it")
{
    const RunFolder folder;
    auto summary = RunFolder::summary();
    summary["trainings"].erase(1);
    folder.write("summary.json", summary.dump());
    folder.write("ledger.jsonl", RunFolder::ledger() + R"({"training":"f)");  // as a crash leaves it
    const auto run = read_run(folder.path());
    CHECK(run.trainings.size() == 1);
    CHECK(run.cut_off == std::vector<std::string>{"fl"});
    CHECK(report::footnotes(run, run.accounting).cut_off == run.cut_off);
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
        const auto missing = (folder.path() / "missing").string();
        CHECK_THROWS_WITH(read_run(missing), missing + "/spec.json: can't be opened; " + missing + " is no run folder");
    }
    SECTION("no JSON")
    {
        folder.write("summary.json", "{");
        CHECK(error(folder).find(folder.path().string() + "/summary.json:1:1: ") == 0);
    }
    SECTION("JSON nested so deep that copying it would exhaust the stack")
    {
        constexpr std::size_t levels = 1'000'000;
        folder.write("spec.json", std::string(levels, '[') + std::string(levels, ']'));
        CHECK(error(folder) == folder.path().string() + "/spec.json: more than 64 levels of nesting");
    }
    SECTION("a model's name that is no text")
    {
        auto spec = RunFolder::spec();
        spec["model"]["name"] = 5;
        folder.write("spec.json", spec.dump());
        CHECK(error(folder) ==
              folder.path().string() + "/spec.json: spec.model.name: 5 is not valid; use a text that is not empty");
    }
    SECTION("a key is missing")
    {
        auto summary = RunFolder::summary();
        summary["trainings"][1].erase("rounds");
        folder.write("summary.json", summary.dump());
        CHECK(error(folder) == folder.path().string() + "/summary.json: summary.trainings[1].rounds: missing; add it");
    }
    SECTION("an accounting section that isn't resolved")
    {
        auto spec = RunFolder::spec();
        spec["accounting"].erase("countries");
        folder.write("spec.json", spec.dump());
        CHECK(error(folder) ==
              folder.path().string() +
                  "/spec.json: accounting.countries[0]: \"USA\" is a name; a run's spec.json holds what it stands for");
    }
    SECTION("the ledger tells of another training")
    {
        auto line = carbon::test::federated_lines().front();
        line.training = "stranger";
        folder.write("ledger.jsonl", run::to_json_line(line) + "\n");
        CHECK(error(folder) == folder.path().string() +
                                   "/ledger.jsonl: training \"stranger\" is neither in summary.json nor in spec.json");
    }
}
