// A run's models through their levers: in its specification, and once it has ended.

#include <algorithm>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

const std::string spec = R"({
  "name": "reduce", "data": {"dataset": "fashion-mnist", "train_samples": 600}, "model": "mlp-32",
  "centralized": {"max_epochs": 1},
  "federated": {"nodes": 3, "max_rounds": 1},
  "trainings": [{"label": "central", "kind": "centralized"}, {"label": "fed", "kind": "federated"}],
  "reductions": [
    {"label": "pruned", "training": "central", "levers": [{"lever": "prune", "sparsity": 0.8}]},
    {"label": "int8", "training": "fed", "levers": [{"lever": "quantize", "calibration_samples": 50}]}
  ]
})";

Outcome command(std::vector<std::string> arguments) { return run("fedgram", arguments); }

void run_into(const TemporaryFolder& folder, const std::string& name, const std::string& processes)
{
    write_file(folder / "reduce.json", spec);
    const auto outcome =
        command({"run", folder / "reduce.json", "--out", folder / name, "--client-processes", processes});
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
}

}  // namespace

TEST_CASE("A run's reductions are the same bytes for any number of processes, and stand in its table", "[integration]")
{
    TemporaryFolder folder;
    run_into(folder, "one", "1");
    run_into(folder, "three", "3");
    for (const std::string file : {"reductions/pruned.json", "reductions/pruned.fgm", "reductions/int8.json",
                                   "reductions/int8.fgm", "table.json"})
        CHECK(read_file(folder / "one" / file) == read_file(folder / "three" / file));
    const auto table = json::parse(read_file(folder / "one/table.json"));
    const auto& models = table.at("reductions").at("models");
    REQUIRE(models.size() == 4);
    CHECK(models[0].at("label") == "central");
    CHECK(models[1].at("label") == "pruned");
    CHECK(models[1].at("figures").at("stored_bytes") ==
          std::filesystem::file_size(folder / "one/reductions/pruned.fgm"));
    CHECK(models[3].at("levers") == "int8 per channel");
    CHECK_THAT(read_file(folder / "one/table.txt"), Contains("Reduced models") && Contains("prune 80 %"));
    const auto explained = command({"explain", folder / "one", "USA/v100, PUE 1.67"});
    INFO(explained.err);
    CHECK(explained.exit_code == 0);
    CHECK_THAT(explained.out, Contains("USA/pruned  prune 80 %; one-off on v100, PUE 1.67 = "));
    const auto smaller = command({"explain", folder / "one", "China/int8", "--inference-devices", "nucleo-h7a3zi-q"});
    INFO(smaller.err);
    CHECK(smaller.exit_code == 0);
    CHECK_THAT(smaller.out, Contains("CHN/int8: int8 per channel, of the final model of fed;") &&
                                Contains("quantize, passes  50 samples in ") && Contains("(int8_gmac_per_s, fitted)") &&
                                Contains("(fp32_gmac_per_s, derived)"));
    CHECK_THAT(command({"explain", folder / "one", "USA/int4"}).err,
               Contains("names no cell") && Contains("smaller models are USA/pruned, USA/int8"));

    // By its layers a model takes to answer what the figures of its reductions say.
    const auto life_of_central = [&] {
        const auto outcome = command({"lifecycle", folder / "one", "--predictions", "1/s", "--json"});
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        return json::parse(outcome.out).at("lives");
    };
    const auto with_reductions = life_of_central();
    CHECK(with_reductions.size() == 4);
    CHECK(with_reductions[1].at("life") == "pruned on v100, PUE 1.67");
    CHECK(with_reductions[3].at("why_not") == "v100: no rate of int8 is known");

    // By a serving record a prediction takes what an analysis says of a device that computes all the time.
    const auto analysis =
        json::parse(command({"analyze", folder / "one", "--device", "t4", "--mode", "manual", "--max-batch", "1",
                             "--instances", "1", "--queue-delay-us", "0", "--json"})
                        .out);
    const auto served =
        json::parse(command({"lifecycle", folder / "one", "--predictions", "1e9/day", "--device", "t4", "--json"}).out)
            .at("lives")
            .at(0)
            .at("parts");
    const auto computing = std::ranges::find_if(served, [](const auto& part) { return part["stage"] == "computing"; });
    REQUIRE(computing != served.end());
    CHECK(1000 * computing->at("joules").get<double>() / 365.25e9 ==
          Approx(analysis.at("default").at("joules_per_1000").get<double>())
              .epsilon(1e-5));  // its times are whole nanoseconds

    std::filesystem::remove_all(folder / "one/reductions");
    const auto without = life_of_central();
    REQUIRE(without.size() == 2);
    CHECK(without[0] == with_reductions[0]);
}

TEST_CASE("A reduction that is there isn't made again, and one that was lost is made the same", "[integration]")
{
    TemporaryFolder folder;
    run_into(folder, "run", "1");
    const auto before = read_file(folder / "run/reductions/pruned.json");
    const auto table = read_file(folder / "run/table.json");
    std::filesystem::remove(folder / "run/reductions/pruned.json");
    const auto outcome = command({"reduce", folder / "run"});
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.err, Contains("reduction pruned: ") && !Contains("reduction int8: "));
    CHECK(read_file(folder / "run/reductions/pruned.json") == before);
    CHECK(read_file(folder / "run/table.json") == table);
}

TEST_CASE("Levers on the command line add a reduction to a run, by a label of its own", "[integration]")
{
    TemporaryFolder folder;
    run_into(folder, "run", "1");
    const auto outcome = command({"reduce", folder / "run", "--training", "fed", "--lever",
                                  "prune:sparsity=0.5,epochs=0", "--lever", "share-weights:epochs=0", "--json"});
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    const auto models = json::parse(outcome.out).at("models");
    CHECK(models.size() == 5);
    CHECK(std::filesystem::exists(folder / "run/reductions/fed-prune-share-weights.fgm"));
    const auto refused = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"reduce", folder / "run"});
        const auto failed = command(arguments);
        CHECK(failed.exit_code != 0);
        return failed.err;
    };
    CHECK_THAT(refused({"--lever", "prune", "--label", "int8"}),
               Contains("\"int8\" is another reduction of the run's specification"));
    CHECK_THAT(
        refused({"--lever", "prune:sparsity=0.6,epochs=0", "--training", "fed", "--label", "fed-prune-share-weights"}),
        Contains("choose one that it hasn't (--label, or `label` in the specification)"));
    CHECK_THAT(refused({"--lever", "prune", "--training", "no"}), Contains("no training is labelled \"no\""));
    CHECK_THAT(refused({"--lever", "prune:sparsity=1"}), Contains("--lever prune.sparsity: 1 is not valid"));
    CHECK_THAT(refused({"--lever", "factorize:ranks={\"fc1\":40}"}), Contains("factorization of fc1: "));
    CHECK_THAT(refused({"--lever", "quantize", "--lever", "prune"}), Contains("put share-weights and quantize last"));
    CHECK_THAT(refused({"--label", "x"}), Contains("--training and --label are for --lever"));
    CHECK_THAT(command({"reduce", "--help"}).out, Contains("calibration_samples") && Contains("\"separable\""));
    const auto none = command({"reduce", folder / "nothing", "--lever", "prune"});
    CHECK(none.exit_code != 0);
    CHECK_THAT(none.err, Contains("spec.json"));
}

TEST_CASE("A lever that doesn't fit is refused before anything trains, and by resolve", "[integration]")
{
    const TemporaryFolder folder;
    auto wrong = json::parse(spec);
    wrong["reductions"][0]["levers"][0] = {{"lever", "factorize"}, {"ranks", {{"fc1", 40}}}};
    write_file(folder / "wrong.json", wrong.dump());
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{"resolve", folder / "wrong.json"},
                                                      {"run", folder / "wrong.json", "--out", folder / "run"}}) {
        const auto outcome = command(arguments);
        CHECK(outcome.exit_code != 0);
        CHECK(outcome.out.empty());
        CHECK_THAT(outcome.err, Contains("reductions.pruned: factorization of fc1: "));
    }
    CHECK_FALSE(std::filesystem::exists(folder / "run"));
}

TEST_CASE("A run's models are analyzed as they were trained and as they were reduced", "[integration]")
{
    TemporaryFolder folder;
    run_into(folder, "run", "1");
    const auto analyzed = [&](std::vector<std::string> more) {
        std::vector<std::string> arguments{"analyze", folder / "run", "--json"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto outcome = command(arguments);
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        return json::parse(outcome.out);
    };
    const auto reduced = json::parse(read_file(folder / "run/reductions/int8.json"));
    const auto int8 = analyzed({"--device", "t4", "--training", "fed", "--objective", "memory"}).at("best")[0];
    CHECK(int8.at("model") == "int8");
    CHECK(int8.at("accuracy") == reduced.at("steps")[0].at("figures").at("accuracy"));
    CHECK(int8.at("gco2e_per_1000") > 0);  // in the run's first country

    const auto rounded = analyzed({"--device", "tpu-v3", "--numbers", "bf16"}).at("best")[0];
    CHECK(rounded.at("model") == "float32 in bf16");
    CHECK(rounded.at("accuracy").is_null());  // nobody evaluated it

    const auto wrong = command({"analyze", folder / "run", "--device", "tpu-v1"});
    CHECK(wrong.exit_code != 0);
    CHECK_THAT(wrong.err, Contains("none computes in the numbers of central") && Contains("fedgram reduce"));
    CHECK_THAT(command({"analyze", folder / "run", "--device", "t4", "--training", "iid"}).err,
               Contains("no training is labelled \"iid\""));
}

TEST_CASE("A training that diverges has no model to reduce; the others' reductions are made", "[integration]")
{
    const TemporaryFolder folder;
    auto diverging = json::parse(spec);
    diverging["trainings"][0]["learning_rate"] = 1e6;
    diverging["trainings"][0]["weight_decay"] = 1e6;
    write_file(folder / "diverging.json", diverging.dump());
    const auto outcome = command({"run", folder / "diverging.json", "--out", folder / "run"});
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.err, Contains("reduction pruned: not made, as central has diverged"));
    CHECK(std::filesystem::exists(folder / "run/reductions/int8.json"));
    CHECK_FALSE(std::filesystem::exists(folder / "run/reductions/pruned.json"));
    CHECK(command({"run", "--resume", folder / "run"}).exit_code == 0);
}
