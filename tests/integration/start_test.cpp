// Trainings that begin with the model of an earlier run, of all its layers or behind frozen ones.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "common/learning/torchscript/stored_tensors.hpp"
#include "tests/support/command.hpp"
#include "tests/support/idx_files.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using Catch::Matchers::Contains;
using fedgram::datasets::test::Bytes;
using fedgram::datasets::test::idx_bytes;
using fedgram::datasets::test::write;
using fedgram::learning::torchscript::stored_tensors;
using nlohmann::json;

namespace {

constexpr std::uint32_t train_samples = 240;
constexpr std::uint32_t test_samples = 60;
// By hand, of small-cnn: its convolutions take 2,032,128 FLOPs forward, and give 1,568 floats; the layers behind them
// 810,496 forward and backward.
constexpr std::uint64_t forward_flops = 2'032'128;
constexpr std::uint64_t learned_flops = 810'496;
constexpr std::uint64_t feature_bytes = 6'272;
constexpr std::uint64_t frozen_bytes = 4'800 * 4;

/// Ten classes that a few steps tell apart: a bright row each.
void write_images(const TemporaryFolder& folder, const std::string& name, std::uint32_t count)
{
    Bytes pixels(std::size_t{count} * 784);
    Bytes labels(count);
    std::uint32_t state = count;
    for (auto& pixel : pixels) pixel = static_cast<std::uint8_t>((state = state * 1'664'525 + 1'013'904'223) >> 26);
    for (std::uint32_t i = 0; i < count; ++i) {
        labels[i] = static_cast<std::uint8_t>(i % 10);
        for (std::uint32_t column = 0; column < 28; ++column) pixels[i * 784 + (2 * labels[i] + 4) * 28 + column] = 240;
    }
    write(folder / (name + ".x"), idx_bytes({count, 28, 28}, pixels));
    write(folder / (name + ".y"), idx_bytes({count}, labels));
}

const std::string spec = R"({
  "name": "start", "seed": 3,
  "data": {"dataset": "rows", "format": "idx", "files": {"train": {"samples": "train.x", "labels": "train.y"},
                                                         "test": {"samples": "test.x", "labels": "test.y"}},
           "normalization": {"mean": 0.2, "standard_deviation": 0.3}},
  "model": "small-cnn",
  "centralized": {"learning_rate": 0.05, "max_epochs": 2, "evaluate_every_samples": 240},
  "federated": {"nodes": 4, "client_fraction": 0.5, "learning_rate": 0.05, "max_rounds": 3},
  "trainings": [{"label": "central", "kind": "centralized"}, {"label": "fed", "kind": "federated"}]
})";

/// The data and the run that others begin with.
struct FirstRun : TemporaryFolder {
    FirstRun()
    {
        write_images(*this, "train", train_samples);
        write_images(*this, "test", test_samples);
        write_file(*this / "spec.json", spec);
        carry_out("first", {"--only", "central"});
    }

    [[nodiscard]] Outcome try_to(const std::string& out, std::vector<std::string> words) const
    {
        words.insert(words.begin(), {"run", *this / "spec.json", "--out", *this / out});
        return fedgram::test::run("fedgram", words, {"XDG_CACHE_HOME=" + (*this / "cache").string()});
    }
    void carry_out(const std::string& out, const std::vector<std::string>& words) const
    {
        const auto outcome = try_to(out, words);
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
    }
    [[nodiscard]] std::vector<std::string> behind(const std::string& layer, std::vector<std::string> words = {}) const
    {
        words.insert(words.end(), {"--set", "model.start=" + (*this / "first/central.pt").string(), "--set",
                                   "model.frozen_to=" + layer});
        return words;
    }
    [[nodiscard]] json training(const std::string& out, std::size_t place) const
    {
        return json::parse(read_file(*this / out / "summary.json")).at("trainings").at(place);
    }
    [[nodiscard]] auto tensors(const std::string& file) const { return stored_tensors(read_file(*this / file), file); }
    /// Summed over a training's lines of a phase.
    [[nodiscard]] std::uint64_t ledger_sum(const std::string& out, const std::string& label, const std::string& phase,
                                           const std::string& key) const
    {
        std::uint64_t sum = 0;
        const auto text = read_file(*this / out / "ledger.jsonl");
        for (std::size_t begin = 0; begin < text.size(); begin = text.find('\n', begin) + 1) {
            const auto line = json::parse(text.substr(begin, text.find('\n', begin) - begin));
            if (line.at("training") == label && line.at("phase") == phase) sum += line.value(key, std::uint64_t{0});
        }
        return sum;
    }
};

const std::vector<std::string> frozen_tensors{"conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias"};

}  // namespace

TEST_CASE("Behind frozen layers a run leaves them as they were bit for bit, and learns the others", "[integration]")
{
    const FirstRun first;
    first.carry_out("frozen", first.behind("conv2", {"--client-processes", "1"}));
    const auto before = first.tensors("first/central.pt");
    for (const std::string label : {"central", "fed"}) {
        const auto after = first.tensors("frozen/" + label + ".pt");
        REQUIRE(after.size() == before.size());
        for (std::size_t i = 0; i < before.size(); ++i) {
            INFO(label << ": " << before[i].name);
            CHECK(after[i].name == before[i].name);
            CHECK(after[i].shape == before[i].shape);
            const bool is_frozen = std::ranges::count(frozen_tensors, before[i].name) == 1;
            CHECK((after[i].values == before[i].values) == is_frozen);
        }
    }

    // Any number of processes gives the same, whoever made the features, and a start without them too.
    first.carry_out("three", first.behind("conv2", {"--client-processes", "3"}));
    std::filesystem::remove_all(first / "cache");
    first.carry_out("anew", first.behind("conv2", {"--client-processes", "3"}));
    for (const std::string out : {"three", "anew"})
        for (const std::string file : {"central.pt", "fed.pt", "table.json", "ledger.jsonl"})
            CHECK(read_file(first / out / file) == read_file(first / "frozen" / file));

    // The whole model is the run's: what evaluates it without features says the same.
    const auto loss = first.training("frozen", 0).at("test_loss");
    first.carry_out("still", {"--only", "central", "--set", "model.start=" + (first / "frozen/central.pt").string(),
                              "--set", "centralized.learning_rate=1e-30", "--set", "centralized.max_epochs=1"});
    CHECK(first.training("still", 0).at("test_loss") == loss);
}

TEST_CASE("What frozen layers take is counted once, and stands in ledger, summary, tables and explanations",
          "[integration]")
{
    const FirstRun first;
    first.carry_out("frozen", first.behind("conv2"));
    // Two epochs, or three rounds of two of four nodes with 60 samples.
    CHECK(first.ledger_sum("frozen", "central", "train", "flops") ==
          2 * train_samples * learned_flops + train_samples * forward_flops);
    const auto central = first.training("frozen", 0).at("frozen");
    CHECK(central.at("layer") == "conv2");
    CHECK(central.at("feature_bytes") == feature_bytes);
    CHECK(central.at("kept_samples") == train_samples);
    CHECK(central.at("training").at("flops") == train_samples * forward_flops);
    CHECK(central.at("evaluation").at("flops") == test_samples * forward_flops);
    CHECK(central.at("written_bytes") == (train_samples + test_samples) * feature_bytes);
    CHECK(central.at("read_bytes") == (2 * train_samples + 2 * test_samples) * feature_bytes);
    CHECK(central.at("download_bytes") == 0);

    const auto fed = first.training("frozen", 1).at("frozen");
    const std::uint64_t nodes = fed.at("kept_samples").get<std::uint64_t>() / 60;
    CHECK((nodes >= 2 && nodes <= 4));
    CHECK(fed.at("download_bytes") == nodes * frozen_bytes);
    CHECK(first.ledger_sum("frozen", "fed", "train", "flops") ==
          3 * 2 * 60 * learned_flops + nodes * 60 * forward_flops);
    const auto learned_bytes = 4 * fed.at("learned_parameters").get<std::uint64_t>();
    CHECK(first.ledger_sum("frozen", "fed", "download", "bytes_down") == 3 * 2 * learned_bytes + nodes * frozen_bytes);
    CHECK(first.ledger_sum("frozen", "fed", "upload", "bytes_up") == 3 * 2 * learned_bytes);

    const auto table = json::parse(read_file(first / "frozen/table.json"));
    CHECK(table.at("trainings")[1].at("frozen") == fed);
    CHECK(table.at("trainings")[1].at("start") == (first / "first/central.pt").string());
    const auto begun = "Trainings begin with the model in " + (first / "first/central.pt").string();
    const std::string kept = "fed: 4800 parameters up to conv2 stay as they are";
    CHECK_THAT(read_file(first / "frozen/table.txt"), Contains(begun) && Contains(kept));
    const auto explained = fedgram::test::run("fedgram", {"explain", first / "frozen", "USA/v100, PUE 1.67"});
    INFO(explained.err);
    CHECK_THAT(explained.out, Contains(begun) && Contains(kept));
    const auto as_json = fedgram::test::run("fedgram", {"explain", first / "frozen", "USA/v100, PUE 1.67", "--json"});
    CHECK(json::parse(as_json.out).at("frozen") == central);
}

TEST_CASE("A training behind frozen layers counts what the lever counts for the same one", "[integration]")
{
    const FirstRun first;
    first.carry_out("frozen", first.behind("conv2", {"--only", "central"}));
    const auto outcome =
        fedgram::test::run("fedgram", {"reduce", first / "first", "--training", "central", "--label", "last", "--lever",
                                       "fine-tune:frozen_to=conv2,epochs=2,learning_rate=0.05"});
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    const auto cost = json::parse(read_file(first / "first/reductions/last.json")).at("steps").at(0);
    for (const std::string key : {"steps", "flops", "memory_bytes", "kernels"}) {
        INFO(key);
        CHECK(first.ledger_sum("frozen", "central", "train", key) ==
              cost.at("tuning").at(key).get<std::uint64_t>() + cost.at("passes").at(key).get<std::uint64_t>());
    }
    // By hand: two epochs of 240 samples in 8 batches, and one pass of as many.
    CHECK(first.ledger_sum("frozen", "central", "train", "steps") == 2 * 8 + 8);
}

TEST_CASE("A run behind frozen layers that pauses goes on to the same", "[integration]")
{
    const FirstRun first;
    first.carry_out("whole", first.behind("conv2"));
    first.carry_out("paused", first.behind("conv2", {"--pause-at", "1"}));
    // The centralized training pauses first, then the federated one.
    for (int i = 0; i < 2; ++i) {
        std::vector<std::string> words{"run", "--resume", first / "paused"};
        if (i == 0) words.insert(words.end(), {"--pause-at", "2"});
        const auto outcome = fedgram::test::run("fedgram", words, {"XDG_CACHE_HOME=" + (first / "cache").string()});
        INFO(outcome.err);
        CHECK(outcome.exit_code == 0);
    }
    for (const std::string file : {"central.pt", "fed.pt", "table.json", "ledger.jsonl"})
        CHECK(read_file(first / "paused" / file) == read_file(first / "whole" / file));
    for (std::size_t i = 0; i < 2; ++i)
        CHECK(first.training("paused", i).at("frozen") == first.training("whole", i).at("frozen"));
}

TEST_CASE("A start of all layers is where trainings begin, and belongs to the run's inputs", "[integration]")
{
    const FirstRun first;
    const auto start = first / "start.pt";
    std::filesystem::copy_file(first / "first/central.pt", start);
    // By a path that counts from the specification's folder.
    auto second = json::parse(spec);
    second["model"] = {{"name", "small-cnn"}, {"start", "start.pt"}};
    write_file(first / "spec.json", second.dump());
    first.carry_out("second", {"--only", "central"});
    CHECK(first.training("second", 0).at("test_loss") < first.training("first", 0).at("test_loss"));
    CHECK_FALSE(first.training("second", 0).contains("frozen"));
    CHECK_THAT(read_file(first / "second/table.txt"), Contains("what it took to train that is in no cell"));
    CHECK(json::parse(read_file(first / "second/inputs.json")).at("model_file") == start.string());

    std::filesystem::remove(first / "second/summary.json");
    std::filesystem::copy_file(first / "second/central.pt", start, std::filesystem::copy_options::overwrite_existing);
    const auto resumed = fedgram::test::run("fedgram", {"run", "--resume", first / "second"});
    CHECK(resumed.exit_code == 3);
    CHECK_THAT(resumed.err, Contains("start.pt: the run in") && Contains("put the file back"));
}

TEST_CASE("A finished run's model is reduced without the file that its training began with", "[integration]")
{
    const FirstRun first;
    const auto start = first / "start.pt";
    std::filesystem::copy_file(first / "first/central.pt", start);
    first.carry_out("second", {"--only", "central", "--set", "model.start=" + start.string()});
    std::filesystem::remove(start);
    const auto reduced = fedgram::test::run("fedgram", {"reduce", first / "second", "--lever", "prune:epochs=0"});
    INFO(reduced.err);
    CHECK(reduced.exit_code == 0);
}

TEST_CASE("What can't begin or stay frozen is refused in a line", "[integration]")
{
    const FirstRun first;
    const auto refusal = [&](std::vector<std::string> words) {
        const auto outcome = first.try_to("refused", std::move(words));
        CHECK(outcome.exit_code != 0);
        return outcome.err;
    };
    CHECK_THAT(refusal(first.behind("conv3")),
               Contains("model.frozen_to: \"conv3\" is no layer with parameters; use one of conv1, conv2, fc1, fc2"));
    CHECK_THAT(refusal(first.behind("conv2", {"--set", "federated.virtual_deadline_s=60"})),
               Contains("model.frozen_to: \"conv2\" is not valid where a fleet's own time decides"));
    CHECK_THAT(refusal({"--set", "model.start=" + (first / "first/central.pt").string(), "--set", "model.name=mlp-32"}),
               Contains("central.pt: its fc1.weight is 128 x 1568, the model's 32 x 784"));
    CHECK_THAT(refusal({"--set", "model.start=none.pt"}), Contains("model.start: ") && Contains("none.pt"));
    CHECK_THAT(refusal({"--set", "model.start=/dev/zero"}), Contains("model.start: /dev/zero is no file"));
    CHECK_THAT(refusal({"--set", "model={\"torchscript\": \"x.pt\", \"frozen_to\": \"conv1\"}"}),
               Contains("model.frozen_to: "));
    CHECK_FALSE(std::filesystem::exists(first / "refused"));
}
