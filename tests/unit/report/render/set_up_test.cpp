#include "common/report/render/set_up.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/report/explain/explain.hpp"
#include "common/report/render/render.hpp"
#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::report;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

namespace {

run::RunRecord run_behind_conv2()
{
    auto run = carbon::test::run();
    for (auto& training : run.trainings) training.outcome.start = "first/a_1.pt";
    run.trainings[0].outcome.is_in_bf16 = true;
    run.trainings[1].outcome.frozen = run::FrozenCost{};
    auto& frozen = *run.trainings[1].outcome.frozen;
    frozen.layer = "conv2";
    frozen.frozen_parameters = 4'800;
    frozen.learned_parameters = 202'122;
    return run;
}

Table table_of(const run::RunRecord& run) { return build_table(run, carbon::test::accounting()); }

const std::string begins = "Trainings begin with the model in first/a_1.pt; what it took to train that is in no cell.";
const std::string stays = "fl: 4800 parameters up to conv2 stay as they are, 202122 learn.";
const std::string in_bf16 =
    "central trained in precision bf16, products in bfloat16 and all else in float32; device "
    "profiles price its FLOPs at float32 rates.";

}  // namespace

TEST_CASE("Formats for people say what trainings began with, what stays as it is and what is in bf16")
{
    const auto table = table_of(run_behind_conv2());
    CHECK_THAT(render(table, Format::markdown), Contains("\n" + in_bf16 + "\n\n" + begins + "\n\n" + stays + "\n"));
    CHECK_THAT(render(table, Format::latex),
               Contains("model in first/a\\_1.pt; what it took to train that is in no cell. ") && Contains(stays) &&
                   Contains(in_bf16));
    CHECK_THAT(render(table, Format::impact_framework), Contains(" " + in_bf16 + " " + begins + " " + stays + " "));
}

TEST_CASE("In CSV that is three columns, in JSON keys of a training, where there is anything to say")
{
    const auto run = run_behind_conv2();
    const auto table = table_of(run);
    const auto csv = render(table, Format::csv);
    CHECK_THAT(csv, Contains(",not_told_apart_from,start,frozen_to,precision\n") &&
                        Contains(",first/a_1.pt,conv2,fp32\n") && Contains(",first/a_1.pt,,bf16\n"));
    CHECK(std::ranges::count(csv.substr(0, csv.find('\n')), ',') == 16 + 3);
    const auto trainings = Json::parse(render(table, Format::json))["trainings"];
    CHECK(trainings[0]["precision"] == "bf16");
    CHECK_FALSE(trainings[0].contains("frozen"));
    CHECK(trainings[1]["start"] == "first/a_1.pt");
    CHECK(trainings[1]["frozen"]["layer"] == "conv2");
    CHECK_FALSE(trainings[1].contains("precision"));
    CHECK(explain_json(table, run, table.cell(0, 0))["precision"] == "bf16");
}

TEST_CASE("Of trainings of all layers from drawn parameters in float32 there is nothing to say")
{
    const auto table = table_of(carbon::test::run());
    CHECK(set_up_notes(table).empty());
    CHECK(set_up_words(table.trainings[0].outcome).empty());
    CHECK(set_up_json(table.trainings[0].outcome).empty());
    CHECK_THAT(render(table, Format::csv), Contains(",not_told_apart_from\n"));
}
