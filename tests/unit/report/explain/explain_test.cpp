#include "common/report/explain/explain.hpp"
#include "common/report/explain/find_cell.hpp"

#include <algorithm>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "tests/support/run_with_methods.hpp"
#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using namespace fedgram::report;

namespace {

std::string explained(const run::RunRecord& run, const std::string& cell)
{
    const auto table = build_table(run, run.accounting);
    return explain(table, run, find_cell(table, cell));
}

}  // namespace

TEST_CASE("A federated cell is explained from Work to grams")
{
    CHECK(explained(test::run(), "USA/fl") ==
          R"golden(USA/fl, round: 0.040 gCO2e, by the bands of its figures 0.031-0.073
gCO2e to train sample to 90.0 % test accuracy, fl on round (Round figures, module); modelled by its profile, eager execution

Work, from ledger.jsonl without wasted lines
  train  2 node rounds: 0 samples, 0 steps, 0 kernels, 8000000000 FLOPs, 0 bytes of memory traffic

Time on round, summed over node rounds
  host      loads 0 samples x 0.1 s (loading_s) = 0 s; launches 0 steps x 0.5 s (step_overhead_s) + 0 kernels x 0.02 s (eager_launch_s) = 0 s
  device    0 kernels x 0.01 s (kernel_s) = 0 s, and at the full rate max(FLOPs / (1 x 1e9), memory bytes / (1 x 1e9)) = 8 s; FLOPs are the larger in 2 of 2
  train     the longest of loading, launching and the device's sum: 8 s; loading in 0, launching in 0, the device in 2 of 2
  transfer  down 20000000 bytes x 8 / (20 x 1e6 bit/s) = 8 s, up 20000000 bytes x 8 / (10 x 1e6 bit/s) = 16 s
  idle      until the slowest node of each round is done: 2 s

Energy: power x time
  train     waiting for the host, active_idle_w 3 W x 0 s + small_kernels_w 5 W x 0 s + full_w 10 W x 8 s = 80 J
  transfer  network_w 4 W: down 32 J, up 64 J
  idle      idle_w 2 W: 4 J
  devices   the sum = 180 J
  network   7.5 W x 8 x (20000000 / 20 + 20000000 / 10) / 1e6 s = 180 J; no PUE

Emissions: energy / 3.6e6 J x grid
  grid      400 gCO2e/kWh: United States, 2024, lifecycle, ember-2026
  scope 2   180 J / 3.6e6 x 400 = 0.02 g
  network   180 J / 3.6e6 x 400 = 0.02 g (scope 3)
  cell      scope 1 (0: nothing is burnt on the spot) + scope 2 + network = 0.04 g; all figures low 0.0312, high 0.07333333
  embodied  unknown: round has no figure for its making or its lifetime; not in the cell (scope 3)
Model of round: unvalidated: held against no measurement beyond its own fit. --figures shows each figure with its band and source.
)golden");
}

TEST_CASE("What methods add is redone by hand, with the source of each")
{
    const auto run = test::run_with_methods();
    const auto table = build_table(run, run.accounting);
    const auto text = explain(table, run, find_cell(table, "USA/corrected"));
    INFO(text);
    const auto section = text.substr(text.find("\nFederated methods"));
    using Catch::Matchers::Contains;
    CHECK_THAT(section, Contains("of 2 updates in 1 rounds, 2500000 parameters, 8 steps\n"));
    CHECK_THAT(section, Contains("20000000 bytes / 2 updates = 1e+07 bytes; plain FedAvg sends parameters x 4 bytes "
                                 "(float32) = 10000000\n"));
    CHECK_THAT(section, Contains("40000000 bytes / 2 updates = 2e+07 bytes;"));
    CHECK_THAT(section, Contains("SCAFFOLD (Karimireddy et al. 2020, arXiv:1910.06378)\n"));
    CHECK_THAT(section, Contains("2 x parameters x 4 bytes\n"));
    CHECK_THAT(section, Contains("1 FLOP and 8 bytes of memory traffic for each parameter and step = 20000000 FLOPs, "
                                 "160000000 bytes of memory traffic, 8 kernels; of all 8020000000 FLOPs 0.2493766 %"));
    CHECK_THAT(section, Contains("= 40000000 FLOPs, 230000000 bytes of memory traffic, 6 kernels; in no cell\n"));
    CHECK_THAT(section, Contains(" g / 0.04 g of fl, round, in United States = "));
    const auto json = explain_json(table, run, find_cell(table, "USA/corrected"));
    CHECK(json["methods"]["parameters"] == 2'500'000);
    CHECK(json["methods"]["methods"][0]["source"] == "Karimireddy et al. 2020, arXiv:1910.06378");

    CHECK_THAT(explain(table, run, find_cell(table, "USA/fl")), Contains("FedAvg (McMahan et al. 2017"));
    CHECK_FALSE(explain_json(table, run, find_cell(table, "USA/gpu, PUE 1")).contains("methods"));
}

TEST_CASE("Of a private training all that its epsilon rests on is told")
{
    auto run = test::run_with_methods();
    run.trainings[2].privacy = {.epsilon = 11.25,
                                .delta = 1e-5,
                                .noise_multiplier = 0.5,
                                .clip = 0.25,
                                .rounds = 30,
                                .sampling_rate = 0.1,
                                .accountant = "RDP, Poisson sampling",
                                .assumptions = "Holds by a coin."};
    CHECK_THAT(explained(run, "USA/corrected"), Catch::Matchers::Contains(R"(
Privacy of the nodes, as it was spent
  epsilon           11.25
  delta             1e-05
  accountant        RDP, Poisson sampling
  sampling rate     0.1 (q): the chance that a node is in a round
  rounds            30
  noise multiplier  0.5 (z): the noise in clips, as it is accounted
  clip              0.25 after the last round: the L2 norm that the server scales an update down to
  assumptions       Holds by a coin.
)"));
    CHECK_THAT(explained(run, "USA/fl"), !Catch::Matchers::Contains("Privacy"));
    const auto table = build_table(run, run.accounting);
    const auto privacy = explain_json(table, run, find_cell(table, "USA/corrected"))["methods"]["privacy"];
    CHECK(privacy == run::to_json(*run.trainings[2].privacy));

    // By hand, of 100 nodes: n = 10, sqrt(10 x 0.9) = 3, 30 % / sqrt(30).
    run.trainings[2].nodes = 100;
    CHECK_THAT(explained(run, "USA/corrected"),
               Catch::Matchers::Contains("  cohort            Poisson draws: n = q x nodes = 10 on average, deviation "
                                         "sqrt(n (1 - q)) = 3; over the rounds Work has one of 100 / (n sqrt(rounds)) "
                                         "times that = 5.477226 %, which is in no band\n"));
    auto& masking = run.trainings[2].methods.emplace_back();
    masking.words.method = spec::Method::secure_aggregation;
    CHECK_THAT(explained(run, "USA/corrected"),
               Catch::Matchers::Contains("0.25 after the last round: the L2 norm that a node scales its update down to "
                                         "before it masks it\n"));
    run.trainings[2].methods.pop_back();
    run.trainings[2].privacy->sampling_rate.reset();  // a folder from before it was written
    CHECK_THAT(explained(run, "USA/corrected"), !Catch::Matchers::Contains("sampling rate"));
}

TEST_CASE("A protocol's messages are redone by hand, and local training has its words")
{
    auto run = test::run_with_methods();
    run.trainings[2].work = energy::test::work_of(energy::test::federated_rounds(3));
    run.trainings[2].methods.front().messages = {116, 90};
    run.trainings[2].local_training = "AdamW";
    const auto text = explained(run, "USA/corrected");
    CHECK_THAT(text, Catch::Matchers::Contains("  messages") &&
                         Catch::Matchers::Contains("116 / 3 rounds = 38.66667 up a round, 90 / 3 rounds = 30 down a "
                                                   "round, of all nodes; the model is beside them\n"));
    CHECK_THAT(text, Catch::Matchers::Contains("\n  local training  AdamW\n"));
}

TEST_CASE("A cell whose host sets the pace is redone by hand, in at most 30 lines")
{
    auto run = test::run();
    auto& edge = run.accounting.edge_device;
    edge.power_limit_w = energy::Figure{6.25, {}, {}, energy::EvidenceLevel::assumed, "for the test"};
    for (auto& work : run.trainings[1].work.works) {
        work.samples = 40;
        work.steps = 4;
        work.kernels = 1'000;
    }
    const auto text = explained(run, "USA/fl");
    using Catch::Matchers::Contains;
    // Per node: loading 4 s; launching 4 x 0.5 + 1000 x 0.02 = 22 s; 10 s of small kernels; 3 and 5 s, at half the
    // clock.
    CHECK_THAT(text, Contains("loads 80 samples x 0.1 s (loading_s) = 8 s; launches 8 steps x 0.5 s (step_overhead_s) "
                              "+ 2000 kernels x 0.02 s (eager_launch_s) = 44 s\n"));
    CHECK_THAT(text, Contains("/ 0.5, the clock's share under power_limit_w 6.25 W, = 16 s;"));
    CHECK_THAT(text, Contains("device's sum: 44 s; loading in 0, launching in 2, the device in 0 of 2\n"));
    CHECK_THAT(text, Contains("active_idle_w 3 W x 8 s + small_kernels_w 5 W x 20 s + full_w 6.25 W x 16 s = 224 J\n"));
    CHECK(std::ranges::count(text, '\n') <= 29);  // and a line of credit for the grid

    run.accounting.edge_device.execution = energy::Execution::graph;
    CHECK_THAT(explained(run, "USA/fl"),
               Contains("launches 2000 kernels x 0.005 s (graph_launch_s) = 10 s; the samples are on the device\n"));
}

TEST_CASE("Each figure of the device is shown on request, with its standing and source")
{
    const auto run = test::run();
    const auto table = build_table(run, run.accounting);
    const auto text = explain(table, run, find_cell(table, "USA/fl"), Figures::shown);
    for (const auto& [key, member, range, is_rate] : energy::pricing_figures())
        CHECK_THAT(text, Catch::Matchers::Contains("\n  " + std::string{key}));
    CHECK_THAT(text, Catch::Matchers::Contains("full_w            10, assumed: for the test\n"));
    CHECK_THAT(text, Catch::Matchers::Contains("router_w          7.5 (4.2 to 20), published: Wu et al. 2022"));
}

TEST_CASE("A centralized cell has its PUE and its share of the device's making")
{
    auto run = test::run();
    auto& gpu = run.accounting.datacenter_devices.front();
    gpu.embodied_kgco2e = energy::Figure{100, {}, {}, energy::EvidenceLevel::published, "for the test"};
    gpu.lifetime_years = energy::Figure{2, {}, {}, energy::EvidenceLevel::assumed, "for the test"};
    const auto text = explained(run, "FRA/gpu, PUE 1.5");
    // 3600 J x 1.5 / 3.6e6 x 40; 100,000 g x (10 s / 3600) / (2 x 8766 h).
    CHECK_THAT(text, Catch::Matchers::Contains("devices  train x PUE 1.5 = 5400 J\n"));
    CHECK_THAT(text, Catch::Matchers::Contains("scope 2   5400 J / 3.6e6 x 40 = 0.06 g\n"));
    CHECK_THAT(text, Catch::Matchers::Contains("100 kg x 1000 x 0.002777778 device hours / (2 x 8766) = 0.01584404 g"));
}

TEST_CASE("A cell that was not reached says so, with what it spent")
{
    CHECK_THAT(
        explained(test::run_not_reached(), "USA/fl"),
        Catch::Matchers::StartsWith("USA/fl, round: not reached\n") &&
            Catch::Matchers::Contains("fl, round: not reached (best 87.1 %); spent so far: USA 0.040 g (0.031-0.073)"));
}

TEST_CASE("A cell is named by country and column, or by a part of the column that is its own")
{
    const auto table = build_table(test::run(), test::accounting());
    CHECK(&find_cell(table, "FRA/gpu, PUE 1") == &table.cell(1, 1));  // the whole heading, though another begins so
    CHECK(&find_cell(table, "FRA/round") == &table.cell(1, 2));
    CHECK_THROWS_WITH(find_cell(table, "USA/gpu"),
                      Catch::Matchers::StartsWith("\"USA/gpu\" names more than one cell; ") &&
                          Catch::Matchers::EndsWith(": \"USA/gpu, PUE 1.5\", \"USA/gpu, PUE 1\""));
    CHECK_THROWS_WITH(find_cell(table, "DEU/gpu, PUE 1"),
                      Catch::Matchers::StartsWith("\"DEU/gpu, PUE 1\" names no cell; ") &&
                          Catch::Matchers::EndsWith(": the countries are USA, FRA"));
    CHECK_THROWS_WITH(find_cell(table, "USA/cpu"),
                      Catch::Matchers::EndsWith(": \"USA/gpu, PUE 1.5\", \"USA/gpu, PUE 1\", \"USA/fl, round\""));
    CHECK_THROWS_AS(find_cell(table, "USA"), SpecError);
    CHECK_THROWS_AS(find_cell(table, "USA/"), SpecError);
}

TEST_CASE("A training's label names its cell, though another label begins with it")
{
    auto run = test::run();
    run.trainings[1].outcome.label = "secdp";
    run.trainings.push_back(run.trainings[1]);
    run.trainings[2].outcome.label = "sec";
    const auto table = build_table(run, run.accounting);
    CHECK(&find_cell(table, "USA/sec") == &table.cell(0, 3));
    CHECK(&find_cell(table, "usa/SecDP") == &table.cell(0, 2));
    CHECK(&find_cell(table, "USA/sec, round") == &table.cell(0, 3));
    CHECK_THROWS_WITH(find_cell(table, "USA/se"),
                      Catch::Matchers::StartsWith("\"USA/se\" names more than one cell; ") &&
                          Catch::Matchers::EndsWith(": \"USA/secdp, round\", \"USA/sec, round\""));
    // A label whose training has several columns names none of them.
    CHECK_THROWS_WITH(find_cell(table, "USA/central"),
                      Catch::Matchers::Contains(" names more than one cell; ") &&
                          Catch::Matchers::EndsWith(": \"USA/gpu, PUE 1.5\", \"USA/gpu, PUE 1\""));
}

TEST_CASE("A cell is named as one would write it: by the country's name, in upper or lower case")
{
    const auto table = build_table(test::run(), test::accounting());
    const auto names = carbon::CountryNames::parse_csv("iso3,iso2,name,aliases\nFRA,FR,France,Gaul\n", "countries.csv");
    CHECK(&find_cell(table, "fra/Round", names) == &table.cell(1, 2));
    CHECK(&find_cell(table, "France / round", names) == &table.cell(1, 2));
    CHECK(&find_cell(table, "gaul/GPU, PUE 1", names) == &table.cell(1, 1));
}

TEST_CASE("As JSON the chain has the same numbers with units in the keys")
{
    const auto run = test::run();
    const auto table = build_table(run, run.accounting);
    const auto json = explain_json(table, run, find_cell(table, "USA/fl"));
    CHECK(json["country"] == "USA");
    CHECK(json["work"]["node_rounds"] == 2);
    CHECK(json["work"]["flops"] == 8'000'000'000);
    CHECK(json["time"]["train_seconds"].get<double>() == Approx(8));
    CHECK(json["time"]["upload_seconds"].get<double>() == Approx(16));
    CHECK(json["time"]["idle_seconds"].get<double>() == Approx(2));
    CHECK(json["energy"]["method"] == "modelled");
    CHECK(json["energy"]["device_joules"].get<double>() == Approx(180));
    CHECK(json["energy"]["network_joules"].get<double>() == Approx(180));
    CHECK(json["emissions"]["gco2e_per_kwh"] == 400);
    CHECK(json["emissions"]["scope2_gco2e"].get<double>() == Approx(0.02));
    CHECK(json["emissions"]["embodied_gco2e"].is_null());
    CHECK(json["gco2e"].get<double>() == Approx(0.04));
    CHECK(json["figures"]["full_w"]["source"] == "for the test");
    CHECK(json["figures"]["router_w"]["value"] == 7.5);
}

TEST_CASE("As JSON a centralized cell has no transfers, and a missed one has no result but its cost")
{
    const auto run = test::run_not_reached();
    const auto table = build_table(run, run.accounting);
    const auto central = explain_json(table, run, find_cell(table, "FRA/gpu, PUE 1.5"));
    CHECK(central["pue"] == 1.5);
    CHECK(central["work"]["intervals"] == 1);
    CHECK_FALSE(central["time"].contains("upload_seconds"));
    CHECK_FALSE(central["energy"].contains("idle_joules"));
    const auto missed = explain_json(table, run, find_cell(table, "USA/fl"));
    CHECK(missed["gco2e"].is_null());
    CHECK(missed["reached_target"] == false);
    CHECK(missed["emissions"]["spent_gco2e"].get<double>() == Approx(0.04));
}
