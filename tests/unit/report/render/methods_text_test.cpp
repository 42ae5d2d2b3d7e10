#include "common/report/render/methods_text.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/report/render/render.hpp"
#include "common/report/statement/report.hpp"
#include "tests/support/run_with_methods.hpp"

using namespace fedgram;
using namespace fedgram::report;
using carbon::test::run_with_methods;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using nlohmann::json;

namespace {

Table table_of(const run::RunRecord& run) { return build_table(run, run.accounting); }

run::PrivacySpending private_training()
{
    return {.epsilon = 11.27,
            .delta = 1e-5,
            .noise_multiplier = 0.5,
            .clip = 0.25,
            .rounds = 30,
            .sampling_rate = 0.1,
            .accountant = "RDP, Poisson sampling",
            .assumptions = "Holds by a coin."};
}

}  // namespace

TEST_CASE("A run of plain FedAvg alone has no word of methods in any form")
{
    const auto run = carbon::test::run();
    const auto table = table_of(run);
    CHECK(methods_rows(table).empty());
    CHECK(methods_section(table).empty());
    CHECK(methods_json(table, 1).is_null());
    for (const auto format : {Format::text, Format::markdown, Format::json, Format::latex})
        CHECK_THAT(render(table, format), !Contains("Federated methods") && !Contains("\"methods\""));
    CHECK_FALSE(json::parse(render_json(table)).contains("methods"));
    CHECK_FALSE(json::parse(report_json(table, run).dump()).contains("methods"));
}

TEST_CASE("Methods stand beneath the text table, a row for each federated training")
{
    const auto run = run_with_methods();
    const auto section = methods_section(table_of(run));
    // By hand, in USA: 360 J of "fl" are 0.04 g. SCAFFOLD's nodes take 10 W x 8.02 s and 5 W x 0.08 s, 4 W x 32 s on
    // the network, 4 J of waiting: 212.6 J; the network 7.5 W x 32 s. 452.6 J / 360 J = 1.257.
    CHECK(section == R"golden(
Federated methods  method    extra FLOPs, %  extra memory, %  coordinator MFLOP  kB up  kB down  rounds  gCO2e USA  against           times
fl                 FedAvg                 -                -                  -  10000    10000       1      0.040  fl                 1.00
corrected          SCAFFOLD           0.249             80.0               40.0  10000    20000       1      0.050  fl       1.26 (1.2-1.3)
Extra: what a method adds at the nodes, of all that they compute, and move in memory, for updates in the model. The coordinator's work is in no cell. kB (1000 bytes): of an update, mean. Times: grams in United States over those of the one training of the run that is plain FedAvg and set up alike in all else.
)golden");
    CHECK_THAT(section, !Contains("Without a target"));
    auto endless = table_of(run);
    endless.target.reset();
    CHECK_THAT(methods_section(endless), Contains("all else. Without a target that is what they spent, whatever"));
    CHECK_THAT(render_text(table_of(run)), Contains(section));
    CHECK_THAT(report::report(table_of(run), run), Contains(section));
}

TEST_CASE("Each further method of a training has a row of its own")
{
    auto run = run_with_methods();
    auto second = run.trainings[2].methods.front();
    second.words.method = spec::Method::compression;
    second.words.what = "a tenth | of it";
    run.trainings[2].methods.push_back(second);
    const auto rows = methods_rows(table_of(run));
    REQUIRE(rows.size() == 4);
    CHECK(rows[2].front() == "corrected");
    CHECK(rows[3][0].empty());
    CHECK(rows[3][1] == "a tenth | of it");
    CHECK(rows[3].size() == rows[2].size());
    CHECK_THAT(render_markdown(table_of(run)), Contains("| a tenth \\| of it | 0.249 | 80.0 | 40.0 |  |"));
    CHECK(methods_json(table_of(run))[1]["methods"][1]["name"] == "compression");
}

TEST_CASE("FedAvg that trains otherwise at its nodes is called so, and a method with it")
{
    auto run = run_with_methods();
    run.trainings[1].local_training = "AdamW, gradient clip 1";
    run.trainings[2].local_training = "cosine rate";
    const auto rows = methods_rows(table_of(run));
    CHECK(rows[1][1] == "FedAvg, AdamW, gradient clip 1");
    CHECK(rows[1][2] == "-");  // no work beside local training's own
    CHECK(rows[2][1] == "SCAFFOLD; locally cosine rate");
    CHECK(methods_json(table_of(run))[0]["what"] == "FedAvg, AdamW, gradient clip 1");
    CHECK(methods_json(table_of(run))[0]["against_fedavg"]["ratio"] == 1);
}

TEST_CASE("Epsilon is a column where a training has spent any, and its delta stands beneath")
{
    auto run = run_with_methods();
    CHECK_THAT(methods_section(table_of(run)), !Contains("psilon"));
    run.trainings[2].privacy = private_training();
    const auto rows = methods_rows(table_of(run));
    CHECK(rows[0][8] == "epsilon");
    CHECK(rows[0][9] == "gCO2e USA");
    CHECK(rows[1][8] == "-");
    CHECK(rows[2][8] == "11.3");
    CHECK(rows[2].size() == rows[0].size());
    const auto note =
        "Epsilon is what has been spent. corrected: at delta 1e-05 (RDP, Poisson sampling), with a noise multiplier of "
        "0.500, a clip of 0.250 at the end. Holds by a coin.";
    CHECK_THAT(methods_section(table_of(run)), EndsWith(std::string{note} + "\n"));
    CHECK_THAT(render_markdown(table_of(run)), Contains(" | rounds | epsilon | gCO2e USA | ") && Contains(note));
    CHECK_THAT(render_latex(table_of(run)),
               Contains(" & rounds & epsilon & gCO2e USA & ") && Contains("\\begin{tabular}{llrrrrrrrrrr}\n"));
    CHECK(methods_json(table_of(run))[1]["privacy"]["sampling_rate"] == 0.1);

    // What both assume stands once, behind the last of them.
    run.trainings[1].privacy = run.trainings[2].privacy;
    run.trainings[1].privacy->delta = 0.01;
    CHECK_THAT(methods_note(table_of(run)),
               Contains("spent. fl: at delta 0.01 (RDP, Poisson sampling), with a noise multiplier of 0.500, a "
                        "clip of 0.250 at the end. corrected: at delta 1e-05"));
}

TEST_CASE("Where coins draw the cohorts, the note and the JSON say how much Work that moves", "[report]")
{
    auto run = run_with_methods();
    run.trainings[2].privacy = private_training();
    run.trainings[2].nodes = 100;
    // By hand: n = 0.1 x 100, sqrt(10 x 0.9) = 3, 3 / 10 / sqrt(30) = 5.477 %.
    CHECK_THAT(
        methods_note(table_of(run)),
        Contains("a clip of 0.250 at the end, cohorts of 10.0 nodes with a deviation of 3.00: Work varies by 5.48 "
                 "%. Holds by a coin.") &&
            EndsWith(" A cohort is a Poisson draw of mean n with deviation sqrt(n (1 - q)); over all rounds Work "
                     "varies by that over n sqrt(rounds), one deviation, which no band has."));
    const auto cohort = methods_json(table_of(run))[1]["cohort"];
    CHECK(cohort["mean"] == Approx(10));
    CHECK(cohort["deviation"] == Approx(3));
    CHECK(cohort["work_deviation"] == Approx(0.0547723));
    CHECK_FALSE(methods_json(table_of(run))[0].contains("cohort"));

    // A cohort of fixed size, and coins that always fall alike, move nothing.
    run.trainings[2].privacy->accountant = "RDP, fixed cohort";
    CHECK_FALSE(methods_json(table_of(run))[1].contains("cohort"));
    run.trainings[2].privacy = private_training();
    run.trainings[2].privacy->sampling_rate = 1;
    CHECK_FALSE(methods_json(table_of(run))[1].contains("cohort"));
}

TEST_CASE("Messages of secure aggregation are told by the round")
{
    auto run = run_with_methods();
    CHECK_THAT(methods_note(table_of(run)), !Contains("Messages"));
    run.trainings[2].work = energy::test::work_of(energy::test::federated_rounds(3));
    auto& method = run.trainings[2].methods.front();
    method.words.method = spec::Method::secure_aggregation;
    method.messages = {116, 90};
    CHECK_THAT(methods_note(table_of(run)),
               EndsWith(" Messages of secure aggregation a round, beside the model: corrected 38.7 up and 30 down."));
    const auto messages = methods_json(table_of(run))[1]["methods"][0]["messages"];
    CHECK(messages["up"] == 116);
    CHECK(messages["up_per_round"].get<double>() == Approx(116.0 / 3));
    CHECK(messages["down_per_round"] == 30);
}

TEST_CASE("A training without a result has its words, and no ratio")
{
    auto run = run_with_methods();
    run.trainings[2].outcome.reached_target = false;
    const auto row = methods_rows(table_of(run)).back();
    CHECK(row[8] == "not reached");
    CHECK(row[9] == "-");
    CHECK(row[10] == "-");
    const auto entry = methods_json(table_of(run)).back();
    CHECK(entry["gco2e"].is_null());
    CHECK(entry["against_fedavg"].is_null());
    CHECK(entry["reached_target"] == false);
}

TEST_CASE("Methods in table.json are unrounded, each number by hand")
{
    const auto table = table_of(run_with_methods());
    const auto list = json::parse(render_json(table)).at("methods");
    REQUIRE(list.size() == 2);
    const auto& corrected = list[1];
    CHECK(corrected["training"] == "corrected");
    CHECK(corrected["column"] == "corrected, round");
    CHECK(corrected["updates"] == 2);
    CHECK(corrected["bytes_up_per_update"] == 10e6);
    CHECK(corrected["bytes_down_per_update"] == 20e6);
    CHECK(corrected["rounds"] == 1);
    CHECK(corrected["country"] == "USA");
    const auto& strategy = corrected["methods"][0];
    CHECK(strategy["name"] == "strategy");
    CHECK(strategy["what"] == "SCAFFOLD");
    CHECK(strategy["nodes"]["flops"] == 20'000'000);
    CHECK(strategy["nodes"]["flops_share"].get<double>() == Approx(0.02 / 8.02));
    CHECK(strategy["coordinator"]["memory_bytes"] == 230'000'000);
    CHECK(corrected["against_fedavg"]["training"] == "fl");
    CHECK(corrected["against_fedavg"]["ratio"].get<double>() ==
          Approx(corrected["gco2e"].get<double>() / list[0]["gco2e"].get<double>()));
    CHECK(list[0]["methods"].empty());
}

TEST_CASE("Methods are a LaTeX table of their own")
{
    const auto latex = render_latex(table_of(run_with_methods()));
    CHECK_THAT(latex, Contains("\\begin{tabular}{llrrrrrrrrr}\n"));
    CHECK_THAT(latex, Contains("Federated methods & method & extra FLOPs, \\% & extra memory, \\% &"));
    CHECK_THAT(latex, Contains("\n    corrected & SCAFFOLD & 0.249 & 80.0 & 40.0 & 10000 & 20000 & 1 &"));
    CHECK_THAT(latex, Contains(" & fl & 1.26 (1.2--1.3) \\\\\n"));
}
