#include "common/report/budget/run_budget.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/run/reduction_file.hpp"
#include "tests/support/written_run_folder.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using namespace fedgram::report;
using carbon::test::RunFolder;
using Catch::Matchers::Contains;

TEST_CASE("A run's budget is what its ledger holds, wasted work included")
{
    const RunFolder folder{5};
    const auto budget = read_run_budget(folder.path());
    CHECK(budget.seed == 5);
    CHECK(budget.state == RunState::whole);
    CHECK(budget.missed == std::vector<std::string>{"fl"});
    // 10 s of the GPU at 360 W and a round of 34 device s for 180 J; 4 s and 16 J of a wasted download. 1 s of
    // evaluation.
    CHECK(budget.spending.flops == 18'000'000'000);
    CHECK(budget.spending.device_time.count() == Approx(10 + 34 + 4));
    CHECK(budget.spending.devices.count() == Approx(3600 + 180 + 16));
    CHECK(budget.spending.coordinator.count() == Approx(360));
    CHECK(budget.spending.wasted_lines == 1);
    CHECK(budget.spending.wasted.count() == Approx(16));
    CHECK(budget.spending.host_cpu_seconds == 25);
}

TEST_CASE("A run without a whole summary is unfinished, and counts")
{
    const RunFolder folder;
    const auto whole = read_run_budget(folder.path()).spending.joules().count();
    SECTION("it has none") { folder.remove("summary.json"); }
    SECTION("it is cut off") { folder.write("summary.json", "{\"trainings\": ["); }
    SECTION("a training has no ending")
    {
        auto summary = RunFolder::summary();
        summary["trainings"][1].erase("ended_by");
        folder.write("summary.json", summary.dump());
    }
    SECTION("the last line of the ledger is cut off too")
    {
        folder.remove("summary.json");
        folder.write("ledger.jsonl", RunFolder::ledger() + "{\"training\":\"fl\",\"no");
    }
    const auto budget = read_run_budget(folder.path());
    CHECK(budget.state == RunState::unfinished);
    CHECK(budget.spending.joules().count() == Approx(whole));
    CHECK_FALSE(budget.spending.host_cpu_seconds);
}

TEST_CASE("A summary with fewer trainings than the specification is of an unfinished run")
{
    const RunFolder folder;
    auto summary = RunFolder::summary();
    summary["trainings"].erase(1);
    folder.write("summary.json", summary.dump());
    const auto budget = read_run_budget(folder.path());
    CHECK(budget.state == RunState::unfinished);
    CHECK(budget.spending.host_cpu_seconds == 12.5);
}

TEST_CASE("A run that was stopped is interrupted, and what it didn't get to end is not missed")
{
    const RunFolder folder;
    auto summary = RunFolder::summary();
    summary["trainings"][1]["ended_by"] = "interrupted";
    folder.write("summary.json", summary.dump());
    const auto budget = read_run_budget(folder.path());
    CHECK(budget.state == RunState::interrupted);
    CHECK(budget.missed.empty());
}

TEST_CASE("What another run spent on a training from the store isn't spent again, and is named")
{
    const RunFolder folder;
    auto summary = RunFolder::summary();
    summary["trainings"][0]["from_store"] = {{"host_cpu_seconds", 40}, {"host_wall_seconds", 50}};
    folder.write("summary.json", summary.dump());
    const std::vector budgets{read_run_budget(folder.path())};
    CHECK(budgets.front().from_store == std::vector<std::string>{"central"});
    // The federated round and the wasted download are left; the 3600 J of the GPU are another run's.
    CHECK(budgets.front().spending.devices.count() == Approx(180 + 16));
    CHECK_THAT(budget_text(budgets), Contains("From a store of trainings, spent by earlier runs and not counted here: "
                                              "central in "));
    CHECK(budget_json(budgets).at("runs").at(0).at("from_store").at(0) == "central");
}

TEST_CASE("What levers took is in the sum, and is named: no ledger has it")
{
    const RunFolder folder;
    const std::vector before{read_run_budget(folder.path())};
    CHECK_THAT(budget_text(before), !Contains("Levers"));
    // By hand: 2 GFLOP of steps and 1 GFLOP of passes in 3 s of the GPU at 1 GFLOP/s and 360 W.
    learning::ReductionResult reduction{"half", "central", {}, {}};
    learning::LeverStep step;
    reduction.before.inference.peak_operator = step.figures.inference.peak_operator = "conv1";
    step.lever = spec::PruneFilters{};
    step.cost.tuning.flops = 2'000'000'000;
    step.cost.passes.flops = 1'000'000'000;
    reduction.steps.push_back(step);
    std::filesystem::create_directories(folder.path() / "reductions");
    run::write_reduction(folder.path(), reduction);
    const std::vector after{read_run_budget(folder.path())};
    CHECK(after[0].spending.levers.count() == Approx(1080));
    CHECK(after[0].spending.joules().count() == Approx(before[0].spending.joules().count() + 1080));
    CHECK_THAT(budget_text(after), Contains("Levers that made models smaller: 1.08 kJ, in kJ and kWh; "));
    CHECK(budget_json(after)["sum"]["levers_joules"].get<double>() == Approx(1080));
}

TEST_CASE("What is no run is an error that names it")
{
    const RunFolder folder;
    const auto missing = folder.path() / "missing";
    CHECK_THROWS_WITH(
        read_run_budget(missing),
        missing.string() + " is no run folder: it has no spec.json; name a folder that `fedgram run` made");
    SECTION("no ledger")
    {
        folder.remove("ledger.jsonl");
        CHECK_THROWS_WITH(read_run_budget(folder.path()), Contains(folder.path().string() + "/ledger.jsonl"));
    }
    SECTION("a damaged ledger of a run that ended")
    {
        folder.write("ledger.jsonl", RunFolder::ledger() + "{\"training\":\"fl\",\"no");
        CHECK_THROWS_WITH(read_run_budget(folder.path()), Contains("/ledger.jsonl:12: "));
    }
    SECTION("a specification without a seed")
    {
        auto spec = RunFolder::spec();
        spec.erase("seed");
        folder.write("spec.json", spec.dump());
        CHECK_THROWS_AS(read_run_budget(folder.path()), DataError);
    }
}

TEST_CASE("Budgets add up, and tell what is unfinished and what was missed")
{
    const RunFolder first{1};
    const RunFolder second{2};
    second.remove("summary.json");
    const std::vector<RunBudget> budgets{read_run_budget(first.path()), read_run_budget(second.path())};
    CHECK(budgets[0].setting == budgets[1].setting);
    const auto json = budget_json(budgets);
    CHECK(json["runs"][1]["state"] == "unfinished");
    CHECK(json["runs"][1]["host_cpu_seconds"].is_null());
    CHECK(json["seeds"] == std::vector<std::uint64_t>{1, 2});
    CHECK(json["sum"]["flops"] == 36'000'000'000);
    CHECK(json["sum"]["joules"].get<double>() == Approx(2 * 4156));
    CHECK(json["sum"]["kwh"].get<double>() == Approx(2 * 4156 / 3.6e6));
    CHECK(json["sum"]["device_hours"].get<double>() == Approx(96.0 / 3600));
    CHECK(json["sum"]["wasted_ledger_lines"] == 2);
    CHECK(json["sum"]["host_cpu_seconds"] == 25);
    const auto text = budget_text(budgets);
    CHECK_THAT(text, Contains("Seeds used: 1, 2. "));
    CHECK_THAT(text, Contains("lost to faults: 0.0320 kJ in 2 ledger lines."));
    CHECK_THAT(text, Contains("counted by the ledger: " + second.path().string()));
    CHECK_THAT(text, Contains("Target missed, or diverged, the cost included: fl in " + first.path().string() + ".\n"));
}
