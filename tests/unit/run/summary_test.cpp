#include "common/run/summary.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/run/format_version.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::run;
using fedgram::test::TemporaryFolder;
using fedgram::test::write_file;
using Json = nlohmann::ordered_json;

namespace {

RunSummary summary()
{
    RunSummary summary;
    summary.name = "mine";
    summary.raw_data_bytes = 785;
    summary.trainings.resize(2);
    summary.trainings[0].label = "central";
    summary.trainings[1].label = "iid";
    summary.trainings[1].kind = TrainingKind::federated;
    summary.trainings[1].reached_target = false;
    summary.trainings[1].refused_updates = {{"not_finite", 2}};
    summary.trainings[1].restarted_nodes = {0, 7};
    return summary;
}

}  // namespace

TEST_CASE("A summary reads back as it was written")
{
    const auto json = to_json(summary());
    CHECK(to_json(parse_summary(json, "summary")) == json);
    CHECK_FALSE(json["trainings"][0].contains("refused_updates"));
    CHECK(json["trainings"][0]["reached_target"].is_null());
    CHECK_FALSE(json["trainings"][0].contains("restarted_nodes"));
    CHECK(json["trainings"][1]["restarted_nodes"] == Json{0, 7});
}

TEST_CASE("Nodes that have begun anew are numbers of nodes")
{
    auto json = to_json(summary());
    for (const auto& wrong : {Json{-1}, Json{1.5}, Json{"3"}, Json{4294967296}}) {
        json["trainings"][1]["restarted_nodes"] = wrong;
        CHECK_THROWS_WITH(parse_summary(json, "summary"),
                          Catch::Contains("restarted_nodes[0]: " + wrong[0].dump() + " is not valid"));
    }
}

TEST_CASE("What methods have taken reads back exactly, and of plain FedAvg there is nothing")
{
    auto run = summary();
    CHECK_FALSE(to_json(run)["trainings"][1].contains("methods"));
    CHECK_FALSE(to_json(run)["trainings"][1].contains("model_parameters"));
    auto& training = run.trainings[1];
    training.model_parameters = 25'450;
    training.buffered_updates = 30;
    energy::Work nodes;
    nodes.flops = 9'007'199'254'740'993;  // no double
    nodes.memory_bytes = 12;
    nodes.kernels = 3;
    training.methods = {
        {{spec::Method::strategy, "SCAFFOLD", "a paper", "1 FLOP a step", "6 FLOPs an update", "twice"}, nodes, {}},
        {{spec::Method::secure_aggregation, "masks", "another", "", "", ""}, {}, nodes, {80, 60}}};
    const auto json = to_json(training);
    const auto read = parse_training_summary(Json::parse(json.dump()), "training");
    CHECK(read.methods == training.methods);
    CHECK(read.model_parameters == 25'450);
    CHECK(read.buffered_updates == 30);
    CHECK(json["methods"][1]["name"] == "secure aggregation");
    CHECK(json["methods"][1]["messages"] == Json{{"up", 80}, {"down", 60}});
    CHECK_FALSE(json["methods"][0].contains("messages"));
    CHECK(json["methods"][0]["nodes"]["flops"] == 9'007'199'254'740'993);

    auto other = json;
    other["methods"][0]["name"] = "magic";
    CHECK_THROWS_WITH(parse_training_summary(other, "training"),
                      Catch::Contains("training.methods[0].name: \"magic\" is not valid"));
}

TEST_CASE("What frozen layers have taken reads back exactly, and without them there is nothing")
{
    auto run = summary();
    auto& training = run.trainings[1];
    CHECK_FALSE(to_json(training).contains("frozen"));
    FrozenCost cost{.layer = "conv2",
                    .frozen_parameters = 4'800,
                    .learned_parameters = 202'122,
                    .feature_bytes = 6'272,
                    .kept_samples = 100,
                    .evaluated_samples = 50,
                    .read_samples = 400,
                    .download_bytes = 38'400,
                    .training = {},
                    .evaluation = {}};
    cost.training.flops = 9'007'199'254'740'993;  // no double
    cost.training.steps = 4;
    cost.evaluation.kernels = 3;
    training.frozen = cost;
    const auto json = to_json(training);
    CHECK(parse_training_summary(Json::parse(json.dump()), "training").frozen == training.frozen);
    CHECK(json["frozen"]["written_bytes"] == 150 * 6'272);
    CHECK(json["frozen"]["read_bytes"] == 400 * 6'272);
    CHECK_THAT(text(cost), Catch::Contains("4800 parameters up to conv2 stay as they are, 202122 learn.") &&
                               Catch::Contains("940800 written, 2508800 read; the nodes took the frozen layers down "
                                               "once each, 38400 bytes."));
    cost.download_bytes = 0;
    CHECK_THAT(text(cost), Catch::EndsWith("2508800 read."));
    auto other = json;
    other["frozen"]["training"].erase("steps");  // of an older folder
    CHECK(parse_training_summary(other, "training").frozen->training.steps == 0);
    other["frozen"].erase("layer");
    CHECK_THROWS_WITH(parse_training_summary(other, "training"), Catch::Contains("training.frozen.layer: missing"));
}

TEST_CASE("What privacy has spent reads back, also from before its rounds and sampling rate were written")
{
    auto run = summary();
    auto& training = run.trainings[1];
    training.rounds = 30;
    training.privacy = {.epsilon = 11.25,
                        .delta = 1e-5,
                        .noise_multiplier = 0.5,
                        .clip = 0.25,
                        .rounds = 30,
                        .sampling_rate = 0.1,
                        .accountant = "RDP, Poisson sampling",
                        .assumptions = "Holds."};
    auto json = to_json(training);
    CHECK(json["privacy"]["rounds"] == 30);
    CHECK(json["privacy"]["sampling_rate"] == 0.1);
    CHECK(parse_training_summary(json, "training").privacy == training.privacy);

    json["privacy"].erase("rounds");
    json["privacy"].erase("sampling_rate");
    const auto older = parse_training_summary(json, "training").privacy;
    REQUIRE(older);
    CHECK(older->rounds == 30);
    CHECK_FALSE(older->sampling_rate);
    json["privacy"]["sampling_rate"] = 1.5;
    CHECK_THROWS_WITH(parse_training_summary(json, "training"),
                      Catch::StartsWith("training.privacy.sampling_rate: 1.5 is not valid"));
}

TEST_CASE("The loss of a training that has diverged is no number, and reads back so")
{
    auto diverged = summary();
    diverged.trainings[0].test_loss = std::numeric_limits<double>::quiet_NaN();
    const auto text = to_json(diverged).dump();
    CHECK(std::isnan(parse_summary(Json::parse(text), "summary").trainings[0].test_loss));
}

TEST_CASE("A run is whole when each planned training has ended by its rule")
{
    auto run = summary();
    CHECK(run.whole(2));
    CHECK_FALSE(run.whole(3));
    run.trainings[0].ending = Ending::interrupted;
    CHECK_FALSE(run.whole(2));
}

TEST_CASE("A summary that tells of a newer format is refused in one line, and not taken for a damaged one")
{
    const TemporaryFolder folder;
    auto json = to_json(summary());
    json["formats"]["ledger"] = 2;
    write_file(folder / "summary.json", json.dump());
    const auto message = (folder / "summary.json").string() +
                         ": summary.formats.ledger: 2 is newer than 1, the newest that this Fedgram reads; use the "
                         "version that wrote the run, or a later one";
    CHECK_THROWS_WITH(read_summary(folder.path()), message);
    CHECK_THROWS_AS(find_summary(folder.path()), NewerFormat);
}

TEST_CASE("A summary that isn't there or isn't whole is none, for whoever can do without")
{
    const TemporaryFolder folder;
    CHECK_FALSE(find_summary(folder.path()));
    write_file(folder / "summary.json", R"({"trainings": [)");
    CHECK_FALSE(find_summary(folder.path()));
    CHECK_THROWS_AS(read_summary(folder.path()), DataError);
    write_file(folder / "summary.json", to_json(summary()).dump());
    CHECK(find_summary(folder.path())->trainings.size() == 2);
}
