#include "experiments/asking/past_trials.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/run/reduction_file.hpp"
#include "tests/support/written_run_folder.hpp"

using namespace fedgram;
using carbon::test::RunFolder;
using Catch::Matchers::Contains;
using experiments::past_trials;

// By hand, of the sample run: the centralized training's 3600 J and its evaluation's 360 J, with PUE 1.5; the federated
// one's 180 J and 180 J of its network, though it missed its target; and 16 J of a download that was wasted.
TEST_CASE("Trials count with all that they spent, whether they got there or not", "[experiments]")
{
    const RunFolder model;
    const RunFolder trial{2};
    const auto all = past_trials({trial.path(), model.path()}, model.path(), {});
    REQUIRE(all.size() == 2);
    CHECK(all[0].name == trial.path().string());
    CHECK(all[0].runs == 1);
    CHECK(all[0].unfinished == 0);
    CHECK(all[0].spent.joules.count() == Approx(1.5 * (3600 + 360) + 360 + 16));
    CHECK(all[0].spent.grams.count() == Approx(all[0].spent.joules.count() / 3.6e6 * 400));
    CHECK(all[1].runs == 0);  // the model's own run
    CHECK(all[1].spent.joules.count() == 0);
}

TEST_CASE("A trial's levers count with it", "[experiments]")
{
    const RunFolder model;
    const RunFolder trial{2};
    const auto before = past_trials({trial.path()}, model.path(), {})[0];
    // By hand: 2 GFLOP in 2 s of the GPU at 360 W, with PUE 1.5.
    learning::ReductionResult reduction{"half", "central", {}, {}};
    learning::LeverStep step;
    reduction.before.inference.peak_operator = step.figures.inference.peak_operator = "conv1";
    step.lever = spec::PruneFilters{};
    step.cost.tuning.flops = 2'000'000'000;
    reduction.steps.push_back(step);
    std::filesystem::create_directories(trial.path() / "reductions");
    run::write_reduction(trial.path(), reduction);
    const auto after = past_trials({trial.path()}, model.path(), {})[0];
    CHECK(after.spent.joules.count() == Approx(before.spent.joules.count() + 1.5 * 720));
    CHECK(after.spent.grams.count() == Approx(after.spent.joules.count() / 3.6e6 * 400));
    trial.remove("summary.json");  // it died: by its own ledger, before PUE
    CHECK(past_trials({trial.path()}, model.path(), {})[0].spent.joules.count() == Approx(3600 + 360 + 180 + 16 + 720));
}

TEST_CASE("A run that died counts by its ledger", "[experiments]")
{
    const RunFolder model;
    const RunFolder trial{2};
    trial.remove("summary.json");
    const auto all = past_trials({trial.path()}, model.path(), {});
    CHECK(all[0].unfinished == 1);
    CHECK(all[0].spent.joules.count() == Approx(3600 + 360 + 180 + 16));
}

TEST_CASE("No run counts twice, nor a training that came from a store", "[experiments]")
{
    const RunFolder model;
    const RunFolder trial{2};
    auto summary = RunFolder::summary();
    summary["trainings"][0]["from_store"] = {{"host_cpu_seconds", 1}, {"host_wall_seconds", 1}};
    trial.write("summary.json", summary.dump());
    const auto all = past_trials({trial.path(), trial.path()}, model.path(), {});
    CHECK(all[0].spent.joules.count() == Approx(360 + 16));
    CHECK(all[1].runs == 0);
}

TEST_CASE("What the model's run took from a store is the model's, wherever it was spent", "[experiments]")
{
    auto summary = RunFolder::summary();
    summary["trainings"][0]["parameters_sha256"] = std::string(64, 'a');
    const RunFolder model;
    const RunFolder trial{2};
    trial.write("summary.json", summary.dump());
    const RunFolder again{3};
    again.write("summary.json", summary.dump());
    auto taken = summary;
    taken["trainings"][0]["from_store"] = {{"host_cpu_seconds", 1}, {"host_wall_seconds", 1}};
    model.write("summary.json", taken.dump());
    const auto all = past_trials({trial.path(), again.path()}, model.path(), {});
    CHECK(all[0].spent.joules.count() == Approx(360 + 16));
    CHECK(all[1].spent.joules.count() ==
          Approx(1.5 * (3600 + 360) + 360 + 16));  // one of both has trained it once more
}

TEST_CASE("A training that merely came out as the model's counts: it was spent, too", "[experiments]")
{
    auto summary = RunFolder::summary();
    summary["trainings"][0]["parameters_sha256"] = std::string(64, 'a');
    const RunFolder model;
    model.write("summary.json", summary.dump());
    const RunFolder trial{2};
    trial.write("summary.json", summary.dump());
    CHECK(past_trials({trial.path()}, model.path(), {})[0].spent.joules.count() ==
          Approx(1.5 * (3600 + 360) + 360 + 16));
}

TEST_CASE("A folder that is neither a run nor a sweep is refused by its name", "[experiments]")
{
    const RunFolder model;
    CHECK_THROWS_WITH(past_trials({model.path() / "nothing"}, model.path(), {}),
                      Contains("nothing is no folder of a run or a sweep"));
    CHECK(experiments::run_of_model(model.path()).folder == model.path());
    CHECK(experiments::run_of_model(model.path()).choice.empty());
}
