// Models of other widths, by muP and without, in real processes.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/integration/tiny_spec.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using nlohmann::json;

namespace {

/// tiny_spec, carried out with these settings; its trainings' digests.
std::vector<std::string> digests(const TemporaryFolder& folder, const std::string& out,
                                 const std::vector<std::string>& sets)
{
    write_file(folder / "tiny.json", tiny_spec);
    std::vector<std::string> words{"run", folder / "tiny.json", "--out", folder / out};
    for (const auto& set : sets) words.insert(words.end(), {"--set", set});
    const auto outcome = run("fedgram", words);
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    std::vector<std::string> digests;
    const auto summary = json::parse(read_file(folder / out / "summary.json"));
    for (const auto& training : summary.at("trainings")) digests.push_back(training.at("parameters_sha256"));
    return digests;
}

}  // namespace

TEST_CASE("A model of another width trains centrally and federated, and its resolved form trains the same",
          "[integration]")
{
    TemporaryFolder folder;
    const auto mup = digests(folder, "mup", {"model.width=2", "model.parametrization=mup"});
    const auto standard = digests(folder, "standard", {"model.width=2"});
    for (std::size_t i = 0; i < mup.size(); ++i) CHECK(mup[i] != standard[i]);
    CHECK(std::filesystem::exists(folder / "mup/iid.pt"));

    const auto spec = json::parse(read_file(folder / "mup/spec.json")).at("model");
    CHECK(spec.at("parametrization") == "mup");
    CHECK(spec.at("layers")[1] == json({{"kind", "linear"}, {"features", 64}, {"base_features", 32}}));
    const auto again = run("fedgram", {"run", folder / "mup/spec.json", "--out", folder / "again"});
    INFO(again.err);
    REQUIRE(again.exit_code == 0);
    const auto summary = json::parse(read_file(folder / "again/summary.json"));
    for (std::size_t i = 0; i < mup.size(); ++i) CHECK(summary.at("trainings")[i].at("parameters_sha256") == mup[i]);

    const auto refused =
        run("fedgram", {"run", folder / "mup/spec.json", "--set", "model.width=3", "--out", folder / "third"});
    CHECK(refused.exit_code == 2);
    CHECK(refused.err ==
          "fedgram: model.width: 3 is not valid; use it with a built-in model's name alone; layers and a TorchScript "
          "file say their own sizes\n");
}

TEST_CASE("At its own width a model trains to the same bits by muP", "[integration]")
{
    TemporaryFolder folder;
    CHECK(digests(folder, "mup", {"model.parametrization=mup"}) == digests(folder, "standard", {}));
}

TEST_CASE("A coordinate check shows each layer at each width, and says which parametrization is flat", "[integration]")
{
    TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    const auto check = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {"coordinates", folder / "tiny.json"});
        return run("fedgram", words);
    };
    const std::vector<std::string> by_adam{"--rate", "0.01",  "--widths",  "2,0.25", "--steps",
                                           "2",      "--set", "model=mlp", "--set",  "centralized.optimizer=adam"};
    const auto text = check(by_adam);
    INFO(text.out << text.err);
    REQUIRE(text.exit_code == 0);
    CHECK_THAT(text.out, Catch::Contains("mlp by adam at a rate of 0.01, batches of 32, mean over 5 seeds"));
    CHECK_THAT(text.out, Catch::Contains("layer  steps  width 0.25  width 2  growth"));
    CHECK_THAT(text.out, Catch::Contains("\nmuP: flat; from width 0.25 to 2 "));
    CHECK_THAT(text.out, Catch::Contains("\nstandard parametrization: not flat; "));
    CHECK(check(by_adam).out == text.out);
    CHECK_THAT(check({"--rate", "1e-9"}).out,
               Catch::Contains("too little to tell the two apart; give a larger --rate"));

    const auto found = json::parse(check({"--training", "skewed", "--json"}).out);
    CHECK(found.at("widths") == json({0.25, 0.5, 1.0, 2.0}));
    CHECK(found.at("learning_rate") == 0.05);
    CHECK(found.at("parametrizations")[0].at("parametrization") == "mup");
    const auto& steps = found.at("parametrizations")[1].at("layers")[1].at("by_steps");
    CHECK(steps.size() == 4);
    CHECK(steps[3].at("mean_output").size() == 4);

    const auto refuse = [&](const std::vector<std::string>& words, const std::string& why) {
        const auto refused = check(words);
        CHECK(refused.exit_code == 2);
        CHECK_THAT(refused.err, Catch::Contains(why));
    };
    refuse({"--widths", "1,1"}, "--widths: give at least two that differ, as in 0.25,0.5,1,2");
    refuse({"--widths", "1,0"}, "--widths: 0 is not valid; use a number greater than 0 and at most 1024");
    refuse({"--rate", "0"}, "--rate: 0 is not valid; use a number greater than 0");
    refuse({"--steps", "0"}, "--steps");
    refuse({"--training", "fed"}, "--training: no training is labelled \"fed\"; use one of central, iid, skewed");
    refuse({"--set", R"(model={"torchscript": "a.pt"})"}, "a.pt has one width alone; use a built-in model or layers");
}
