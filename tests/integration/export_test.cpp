// `fedgram export`, of a run and of a model file, in real processes. What others make of the files: tests/peers.

#include <catch2/catch.hpp>

#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;

namespace {

constexpr const char* spec = R"({
  "name": "exported", "data": {"dataset": "synthetic-fashion-mnist", "train_samples": 200,
                               "normalization": {"mean": 0.25, "standard_deviation": 0.5}}, "model": "mlp-32",
  "trainings": [{"label": "first", "kind": "centralized", "learning_rate": 0.02, "max_epochs": 1},
                {"label": "second", "kind": "centralized", "learning_rate": 0.04, "max_epochs": 1}],
  "reductions": [{"label": "small", "training": "first", "levers": [{"lever": "quantize"}]}]
})";

}  // namespace

TEST_CASE("A training's model and a reduction's are exported, the same bytes each time", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "spec.json", spec);
    const auto trained = run("fedgram", {"run", folder / "spec.json", "--out", folder / "run"});
    INFO(trained.err);
    REQUIRE(trained.exit_code == 0);
    const auto exported = [&](std::vector<std::string> words) {
        words.insert(words.begin(), "export");
        words.insert(words.end(), {"--onnx", folder / "model.onnx"});
        const auto outcome = run("fedgram", words);
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        CHECK_THAT(outcome.err, Catch::StartsWith((folder / "model.onnx").string() + ": mlp-32 in "));
        return read_file(folder / "model.onnx");
    };
    const auto run_folder = folder / "run";
    const auto first = exported({run_folder});
    CHECK(exported({run_folder, "--training", "first"}) == first);
    const auto second = exported({run_folder, "--training", "second"});
    CHECK(second != first);
    CHECK(second.size() == first.size());
    CHECK_THAT(first, Catch::Contains("normalization.mean\x12\x06[0.25]"));

    const auto reduced = exported({run_folder, "--reduction", "small"});
    CHECK_THAT(reduced, Catch::Contains("QuantizeLinear") && Catch::Contains("normalization.standard_deviation"));
    CHECK(reduced.size() < first.size() / 3);
    // By itself a file doesn't know of normalization, whose notes come last.
    const auto by_file = exported({folder / "run/reductions/small.fgm"});
    CHECK(reduced.starts_with(by_file));
    CHECK(reduced.size() > by_file.size());
}

TEST_CASE("What can't be exported is said in a line", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "spec.json", spec);
    REQUIRE(run("fedgram", {"run", folder / "spec.json", "--out", folder / "run"}).exit_code == 0);
    const auto refused = [&](std::vector<std::string> words) {
        words.insert(words.begin(), "export");
        words.insert(words.end(), {"--onnx", folder / "model.onnx"});
        const auto outcome = run("fedgram", words);
        CHECK(outcome.exit_code != 0);
        CHECK_FALSE(std::filesystem::exists(folder / "model.onnx"));
        return outcome.err;
    };
    CHECK(refused({folder / "run", "--training", "third"}) ==
          "fedgram: --training: no training is labelled \"third\"; use one of first, second\n");
    const std::string file = folder / "run/reductions/small.fgm";
    CHECK(refused({file, "--training", "first"}) ==
          "fedgram: --training and --reduction choose a model of a run, and " + file +
              " is no folder; leave them out\n");
    CHECK(refused({folder / "run", "--reduction", "none"}) ==
          "fedgram: --reduction: no reduction is labelled \"none\"; use one of small\n");
    std::filesystem::remove_all(folder / "run/reductions");
    CHECK(refused({folder / "run", "--reduction", "small"}) ==
          "fedgram: --reduction: no reduction is labelled \"small\"; the run has none: make one by `fedgram reduce`\n");
    CHECK_THAT(refused({folder / "run/first.pt"}), Catch::Contains("first.pt"));
}
