#include <catch2/catch.hpp>

#include "experiments/sweep_report.hpp"

using namespace fedgram::experiments;

namespace {

SweepRow row(const std::string& alpha, std::uint64_t seed, std::uint32_t rounds, bool reached)
{
    SweepRow result;
    result.run = {
        .name = "alpha-" + alpha + "_seed-" + std::to_string(seed), .values = {alpha}, .seed = seed, .sets = {}};
    result.training = "fed";
    result.kind = "federated";
    result.reached_target = reached;
    result.test_accuracy = 0.5;
    result.best_test_accuracy = 0.75;
    result.rounds = rounds;
    result.virtual_seconds = 10;
    result.country = "USA";
    result.column = "fed, jetson-tx2";
    result.spent_gco2e = 0.25;
    return result;
}

const SweepPlan plan{"mine", {{"federated.partition.alpha", {"0.1", "5"}}}, {1, 2}};

}  // namespace

TEST_CASE("a sweep's CSV has a line for each run and training, with quotes where they are needed", "[experiments]")
{
    CHECK(sweep_csv(plan, {row("0.1", 1, 4, true)}) ==
          "run,federated.partition.alpha,seed,training,kind,reached_target,test_accuracy,best_test_accuracy,rounds,"
          "virtual_seconds,country,column,spent_gco2e\n"
          "alpha-0.1_seed-1,0.1,1,fed,federated,true,0.5,0.75,4,10,USA,\"fed, jetson-tx2\",0.25\n");
}

TEST_CASE("a sweep's table has mean and standard deviation over the seeds, and how many reached the target",
          "[experiments]")
{
    // Rounds 4 and 6: mean 5, standard deviation the root of (1 + 1) / 1 = 1.414.
    const auto table = sweep_table(plan, {row("0.1", 1, 4, true), row("0.1", 2, 6, false), row("5", 1, 3, true)});
    CHECK(table.markdown() ==
          "| federated.partition.alpha | training | reached target | rounds | best accuracy % | gCO2e spent (USA) |\n"
          "|---:|---|---:|---:|---:|---:|\n"
          "| 0.1 | fed | 1 of 2 | 5.00 ± 1.41 | 75.0 ± 0.0 | 0.250 ± 0.000 |\n"
          "| 5 | fed | 1 of 1 | 3.00 | 75.0 | 0.250 |\n");
}
