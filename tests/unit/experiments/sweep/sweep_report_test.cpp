#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "experiments/sweep/sweep_report.hpp"
#include "tests/support/temporary_folder.hpp"

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
    result.node_test = {{4, 4}, {1, 3}};
    if (reached) result.band = {0.125, 0.5};
    return result;
}

const SweepPlan plan{"mine", {{"federated.partition.alpha", {"0.1", "5"}}}, {1, 2}};

}  // namespace

TEST_CASE("a sweep's CSV has a line for each run and training, with quotes where they are needed", "[experiments]")
{
    CHECK(sweep_csv(plan, {row("0.1", 1, 4, true)}) ==
          "run,federated.partition.alpha,seed,training,kind,reached_target,test_accuracy,best_test_accuracy,rounds,"
          "virtual_seconds,country,column,spent_gco2e,diverged,low_gco2e,high_gco2e,"
          "node_mean_accuracy,node_worst_tenth_accuracy\n"
          "alpha-0.1_seed-1,0.1,1,fed,federated,true,0.5,0.75,4,10,USA,\"fed, "
          "jetson-tx2\",0.25,false,0.125,0.5,0.5,0.25\n");
}

TEST_CASE("a sweep's table has mean and standard deviation over the seeds, and how many reached the target",
          "[experiments]")
{
    // Rounds 4 and 6: mean 5, standard deviation the root of (1 + 1) / 1 = 1.414.
    const auto table = sweep_table(plan, {row("0.1", 1, 4, true), row("0.1", 2, 6, false), row("5", 1, 3, true)});
    CHECK(table.markdown() ==
          "| federated.partition.alpha | training | reached target | rounds | best accuracy % | gCO2e (USA) | "
          "95 % CI | low-high |\n"
          "|---:|---|---:|---:|---:|---:|---:|---:|\n"
          "| 0.1 | fed | 1 of 2 | 5.00 ± 1.41 | 75.0 ± 0.0 | > 0.250 |  | 0.12-0.50 |\n"
          "| 5 | fed | 1 of 1 | 3.00 | 75.0 | 0.250 |  | 0.12-0.50 |\n");
}

TEST_CASE("a sweep names a run's damaged file", "[experiments]")
{
    using Catch::Matchers::StartsWith;
    using fedgram::test::write_file;
    const fedgram::test::TemporaryFolder folder;
    const auto summary = (folder / "summary.json").string();
    const auto table = (folder / "table.json").string();
    const auto rows = [&] { return read_rows({}, folder.path()); };
    write_file(summary, "{");
    CHECK_THROWS_AS(rows(), fedgram::DataError);
    CHECK_THROWS_WITH(rows(), StartsWith(summary + ":1:"));
    write_file(summary, "{}");
    CHECK_THROWS_AS(rows(), fedgram::DataError);
    CHECK_THROWS_WITH(rows(), StartsWith(summary + ": summary.raw_data_bytes: missing; add it; the file is damaged: "));
    write_file(summary,
               R"({"raw_data_bytes": 1, "trainings": [{"label": "fl", "kind": "federated", "reached_target": 1}]})");
    CHECK_THROWS_WITH(
        rows(), StartsWith(summary + ": summary.trainings[0].reached_target: 1 is not valid; use true or false; "));
    write_file(summary, R"({"raw_data_bytes": 1, "trainings": [{"label": "fl", "kind": "federated",
        "reached_target": null, "ended_by": "limit", "test_accuracy": 0.5, "best_test_accuracy": 0.5, "rounds": 1,
        "virtual_seconds": 1, "host_cpu_seconds": 1, "host_wall_seconds": 1}]})");
    write_file(table, R"({"cells": []})");
    CHECK_THROWS_WITH(rows(), table + ": no cell of the training fl");
    write_file(table, "[1, 2");
    CHECK_THROWS_WITH(rows(), StartsWith(table + ":1:"));
}
