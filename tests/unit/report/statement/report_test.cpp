#include "common/report/statement/report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using namespace fedgram::report;
using Catch::Matchers::Contains;

namespace {

std::string reported(const run::RunRecord& run) { return report::report(build_table(run, run.accounting), run); }

}  // namespace

TEST_CASE("A report has the accuracies by node: mean, worst tenth and median, which lies between two nodes of four")
{
    auto run = test::run();
    run.trainings[1].outcome.node_test = run::NodeTest{{4, 4, 4, 4}, {4, 1, 3, 2}};
    CHECK_THAT(reported(run), Contains("Accuracy by node  nodes    mean  worst tenth   worst  median     best\n"
                                       "fl                    4  62.5 %       25.0 %  25.0 %  62.5 %  100.0 %\n"));
}

TEST_CASE("A report of imported work says so, and that what it lacks makes a lower bound")
{
    auto run = test::run();
    run.imported = true;
    run.lacks = {"kernels"};
    CHECK_THAT(
        reported(run),
        Contains("Energy is modelled from work that was recorded elsewhere without kernels, so that it is a lower "
                 "bound, by a device profile") &&
            Contains("its seed and what was lost are not known") && !Contains("Simulating it took"));
}

TEST_CASE("A report says of how many samples, nodes and of what partition a statement is, and which nodes were missing")
{
    auto run = test::run();
    run.train_samples = 12000;
    run.trainings[1].set_up = "10 nodes, partition dirichlet (alpha 0.5)";
    run.trainings[1].incomplete_rounds = 1;
    run.trainings[1].missing_updates = 4;
    run.trainings[1].restarted_nodes = {2, 3};
    CHECK_THAT(reported(run),
               Contains("Training small-cnn on fashion-mnist (12000 training samples) to 90.0 % test accuracy") &&
                   Contains("as \"fl\" (10 nodes, partition dirichlet (alpha 0.5)) is estimated") &&
                   Contains("Nodes missing: fl went on without 4 updates in 1 of 1 rounds") &&
                   Contains("State lost: in fl what the nodes 2-3 had left to send"));
    const auto column = report_json(build_table(run, run.accounting), run)["columns"][2];
    CHECK(column["incomplete_rounds"] == 1);
    CHECK(column["missing_updates"] == 4);
    CHECK(column["restarted_nodes"] == nlohmann::ordered_json{2, 3});
    CHECK(column["low_gco2e"].get<double>() == Approx(0.0312));
    CHECK(column["interrupted"] == false);
    const auto whole = report_json(build_table(run, run.accounting), run);
    CHECK_THAT(whole["answer"].get<std::string>(), Contains("the greenest federated training is fl, round"));
    CHECK_THAT(reported(run), Contains(whole["answer"].get<std::string>()));
}

namespace {

run::RunRecord run_set_up_otherwise()
{
    auto run = test::run();
    for (auto& training : run.trainings) training.outcome.start = "first/central.pt";
    run.trainings[0].outcome.is_in_bf16 = true;
    run.trainings[1].outcome.frozen = run::FrozenCost{};
    auto& frozen = *run.trainings[1].outcome.frozen;
    frozen.layer = "conv2";
    frozen.frozen_parameters = 4'800;
    frozen.learned_parameters = 202'122;
    return run;
}

}  // namespace

TEST_CASE("A statement names the start, what stays as it is, and bf16")
{
    auto run = run_set_up_otherwise();
    run.trainings[1].set_up = "10 nodes, partition iid";
    const auto text = reported(run);
    const std::string begins = "begins with the model in first/central.pt, whose own training isn't counted; ";
    CHECK_THAT(text, Contains("Fine-tuning small-cnn on fashion-mnist to 90.0 % test accuracy (the first evaluation at "
                              "or above 90.0 % ends a training) as \"fl\" (10 nodes, partition iid; " +
                              begins + "4800 parameters up to conv2 stay as they are, 202122 learn) is estimated"));
    CHECK_THAT(text, Contains("as \"central\" (" + begins + "products in bfloat16, priced at float32 rates) is "));
    CHECK_THAT(text, !Contains("Training small-cnn"));
    const auto columns = report_json(build_table(run, run.accounting), run)["columns"];
    CHECK(columns[0]["precision"] == "bf16");
    CHECK_FALSE(columns[0].contains("frozen"));
    CHECK(columns[2]["start"] == "first/central.pt");
    CHECK(columns[2]["frozen"]["layer"] == "conv2");
    const auto plain = report_json(build_table(test::run(), test::accounting()), test::run())["columns"][2];
    for (const char* key : {"start", "frozen", "precision"}) CHECK_FALSE(plain.contains(key));
}

TEST_CASE("How many predictions draw as much as the training is not called a break-even")
{
    CHECK_THAT(reported(test::run()), Contains("predictions that draw as much\n") && !Contains("reak-even"));
}

TEST_CASE("A report has each column's budget, and accuracy per joule and gram")
{
    // 1e10 FLOPs in 10 s, 5.4 kJ, 0.6 g, 90.5 %: 16.8 a kJ, 151 a gram.
    CHECK_THAT(
        reported(test::run()),
        Contains(
            "gpu, PUE 1.5                0   0.0100   0.00278   5.40  0.600                 90.5 %  16.8   151\n"));
    CHECK_THAT(reported(test::run()), Contains("Seed 7, one run. Lost to faults, in no row: 0 kJ in 0 ledger lines."));
    CHECK_THAT(reported(test::run_not_reached()), Contains("86.0 % (not reached)"));
}

TEST_CASE("A statement says what was estimated, by what, and what it leaves out")
{
    // An average life: 11,023 lb a year = 4,999,949 g / 31,536,000 s = 0.15855 g/s. A flight: 1984 lb = 899,927 g.
    CHECK_THAT(
        reported(test::run()),
        Contains(
            "Training small-cnn on fashion-mnist to 90.0 % test accuracy (the first evaluation at or above "
            "90.0 % ends a training) as \"fl\" is estimated to emit 0.040 gCO2e (bounds 0.031-0.073): "
            "0.180 kJ on Round figures and 0.180 kJ in the network (router, 7.5 W over 20 Mbit/s down and "
            "10 up), at a grid intensity of 400 gCO2e/kWh (United States, 2024, lifecycle, ember-2026). "
            "Energy is modelled from the work done by a device profile (eager execution), not measured; the profile "
            "is unvalidated: held against no measurement beyond its own fit; scope 1 is zero, "
            "embodied carbon is unknown and left out. That is 0.252 s of an average human life, or 0.0444 "
            "millionths of a flight from New York to San Francisco and back (Strubell et al. 2019).\n"));
    CHECK_THAT(reported(test::run()), Contains("is estimated to emit 0.600 gCO2e (no band known): 5.40 kJ on A GPU"));
    CHECK_THAT(reported(test::run_not_reached()), Contains("without reaching the target (best 87.1 %)"));
}

TEST_CASE("A report tells how busy the devices were, and on what the simulation ran")
{
    // Two nodes of 15 and 17 s a round, the first of which waits 2 s; 8 GFLOP at 1 GFLOP/s are a quarter of 32 s.
    auto run = test::run();
    auto launched = test::run();
    for (auto& work : launched.trainings[1].work.works) work.kernels = 1'000;
    // Launches of 20 s; the devices compute for 13 and 15 s of them, and have 12 s of transfers each.
    CHECK_THAT(
        reported(launched),
        Contains("fl, round      round       64.0                  12.0          0  81.2 %               12.5 %\n"));
    run.trainings[0].host_cpu_seconds = 20;
    run.trainings[1].host_cpu_seconds = 30;
    CHECK_THAT(
        reported(run),
        Contains("fl, round      round       32.0                     0       2.00  94.1 %               25.0 %\n"));
    CHECK_THAT(reported(run), Contains("took 50.0 CPU s on a CPU that summary.json doesn't name"));
    run.host_cpu_model = "A CPU";
    CHECK_THAT(reported(run), Contains("took 50.0 CPU s on A CPU, which are in no row.\n"));
}

TEST_CASE("As JSON a report has the same facts with units in the keys")
{
    auto run = test::run_not_reached();
    run.host_cpu_model = "A CPU";
    run.trainings[1].host_cpu_seconds = 30;
    const auto json = report_json(build_table(run, run.accounting), run);
    CHECK(json["seed"] == 7);
    CHECK(json["country"] == "USA");
    REQUIRE(json["columns"].size() == 3);
    const auto& central = json["columns"][0];
    CHECK(central["flops"] == 10'000'000'000);
    CHECK(central["device_seconds"].get<double>() == Approx(10));
    CHECK(central["joules"].get<double>() == Approx(5400));
    CHECK(central["spent_gco2e"].get<double>() == Approx(0.6));
    CHECK(central["accuracy_percent_per_gco2e"].get<double>() == Approx(90.5 / 0.6));
    CHECK(central["rent_usd"].is_null());
    CHECK(central["busy_share"] == 1);
    CHECK_THAT(central["statement"].get<std::string>(), Contains("is estimated to emit 0.600 gCO2e"));
    const auto& federated = json["columns"][2];
    CHECK(federated["reached_target"] == false);
    CHECK(federated["busy_seconds"].get<double>() == Approx(32));
    CHECK(federated["share_of_sustained_rate"].get<double>() == Approx(0.25));
    CHECK(json["host"]["cpu_model"] == "A CPU");
    CHECK(json["host"]["trainings"][1]["cpu_seconds"] == 30);
}

TEST_CASE("A model card has grams, place and hardware; a model that missed its target has none")
{
    const auto table = build_table(test::run_not_reached(), test::accounting());
    CHECK(model_card(table, table.cell(1, 0)) ==
          "co2_eq_emissions:\n"
          "  emissions: 0.0600\n"
          "  source: \"Fedgram: energy modelled by the device profile gpu; ember-2026 2024, lifecycle\"\n"
          "  training_type: \"pre-training\"\n"
          "  geographical_location: \"France\"\n"
          "  hardware_used: \"A GPU\"\n");
    CHECK_THROWS_AS(model_card(table, table.cell(0, 2)), SpecError);
}

TEST_CASE("A model card of a training with a start is one of fine-tuning, and says what isn't counted")
{
    const auto table = build_table(run_set_up_otherwise(), test::accounting());
    CHECK(
        model_card(table, table.cell(1, 2)) ==
        "co2_eq_emissions:\n"
        "  emissions: 0.0040\n"
        "  source: \"Fedgram: energy modelled by the device profile round; ember-2026 2024, lifecycle; begins with the "
        "model in first/central.pt, whose own training isn't counted; 4800 parameters up to conv2 stay as they are, "
        "202122 learn\"\n"
        "  training_type: \"fine-tuning\"\n"
        "  geographical_location: \"France\"\n"
        "  hardware_used: \"Round figures\"\n");
}
