#include <unistd.h>
#include <csignal>

#include <catch2/catch.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/integration/tiny_spec.hpp"
#include "tests/support/command.hpp"
#include "tests/support/idx_files.hpp"

using namespace fedgram::test;
using fedgram::datasets::test::Bytes;
using fedgram::datasets::test::idx_bytes;
using nlohmann::json;

namespace {

json training_of(const std::filesystem::path& run, std::size_t index)
{
    return json::parse(read_file(run / "summary.json")).at("trainings").at(index);
}

/// A hundred images, each of one grey, under MNIST's names; its label is a tenth of its number, plus `shift`.
void write_images(const std::filesystem::path& folder, std::uint8_t shift)
{
    std::filesystem::create_directories(folder);
    constexpr std::uint32_t count = 100;
    constexpr std::uint32_t pixels = 28 * 28;
    Bytes images;
    Bytes labels;
    for (std::uint32_t i = 0; i < count; ++i) {
        images.insert(images.end(), pixels, static_cast<std::uint8_t>(2 * i));
        labels.push_back(static_cast<std::uint8_t>((i / 10 + shift) % 10));
    }
    for (const std::string part : {"train", "t10k"}) {
        fedgram::datasets::test::write(folder / (part + "-images-idx3-ubyte"), idx_bytes({count, 28, 28}, images));
        fedgram::datasets::test::write(folder / (part + "-labels-idx1-ubyte"), idx_bytes({count}, labels));
    }
}

}  // namespace

TEST_CASE("A training that diverges ends as such, with its cost; the others run", "[integration]")
{
    TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    const auto out = folder / "run";
    const auto outcome =
        run("fedgram", {"run", folder / "tiny.json", "--out", out, "--set", "target_accuracy=0.3", "--set",
                        "trainings.iid.learning_rate=1e6", "--set", "trainings.central.learning_rate=1e6", "--set",
                        "trainings.central.weight_decay=1e6"});
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    for (const std::size_t diverged : {0U, 1U}) {
        const auto training = training_of(out, diverged);
        CHECK(training.at("ended_by") == "diverged");
        CHECK(training.at("reached_target") == false);
    }
    std::uint64_t refused = 0;
    const auto diverged_training = training_of(out, 1);
    for (const auto& [reason, count] : diverged_training.at("refused_updates").items()) {
        CHECK((reason == "not_finite" || reason == "norm_too_large"));
        refused += count.get<std::uint64_t>();
    }
    CHECK(refused >= 3);  // of five nodes; the quorum is half of them
    CHECK(training_of(out, 2).at("ended_by") != "diverged");
    CHECK(outcome.out.find("iid, jetson-tx2: diverged (best") != std::string::npos);

    const auto table = json::parse(read_file(out / "table.json"));
    for (const auto& cell : table.at("cells")) {
        const bool diverged = cell.at("training") != "skewed";
        CHECK(cell.value("diverged", false) == diverged);
        if (diverged) CHECK(cell.at("gco2e").is_null());
    }
    const auto listed = json::parse(run("fedgram", {"list", folder.path(), "--json"}).out).at("runs").at(0);
    CHECK(listed.at("state") == "whole");
    CHECK(listed.at("trainings").at(1).at("diverged") == true);
    const auto again = run("fedgram", {"run", "--resume", out});
    CHECK(again.exit_code == 0);
    CHECK(again.err.find("nothing is left to do") != std::string::npos);
}

TEST_CASE("Without a target a training that diverged has no number in its cell either", "[integration]")
{
    TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    const auto out = folder / "run";
    const auto outcome =
        run("fedgram", {"run", folder / "tiny.json", "--out", out, "--set", "trainings.skewed.learning_rate=1e6"});
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK(training_of(out, 2).at("reached_target").is_null());
    CHECK(outcome.out.find("skewed, jetson-tx2: diverged (best") != std::string::npos);
}

TEST_CASE("A run is resumed on the data that it began with, and on no other", "[integration]")
{
    TemporaryFolder folder;
    write_images(folder / "one", 0);
    write_images(folder / "two", 1);
    write_file(folder / "tiny.json", tiny_spec);
    const auto out = folder / "run";
    Process process{"fedgram",
                    {"run", folder / "tiny.json", "--out", out, "--data-dir", folder / "one", "--set",
                     "data.train_samples=null", "--set", "data.dataset=mnist", "--set", "federated.max_rounds=100000"}};
    const auto in_midst = [&] {
        return std::filesystem::exists(out / "rounds.jsonl") &&
               read_file(out / "rounds.jsonl").find("\"iid\"") != std::string::npos;
    };
    for (int tries = 0; tries < 600 && !in_midst(); ++tries) ::usleep(100'000);
    const auto state = [&] {
        const auto listed = run("fedgram", {"list", folder.path(), "--json"});
        const auto runs = json::parse(listed.out).at("runs");
        for (const auto& each : runs)
            if (each.at("run") == "run") return each.at("state").get<std::string>();
        return listed.err;
    };
    CHECK(state() == "running");
    // From the first second on.
    const auto digest = json::parse(read_file(out / "inputs.json")).at("data_sha256").get<std::string>();
    process.send(SIGINT);
    REQUIRE(process.wait().exit_code == 130);
    CHECK(state() == "interrupted");

    const auto rounds = read_file(out / "rounds.jsonl");
    const auto refused = run("fedgram", {"run", "--resume", out, "--data-dir", folder / "two"});
    CHECK(refused.exit_code == 3);
    CHECK(refused.err.find("the run began on data (mnist) with the digest " + digest.substr(0, 12)) !=
          std::string::npos);
    CHECK(read_file(out / "rounds.jsonl") == rounds);

    Process again{"fedgram", {"run", "--resume", out, "--data-dir", folder / "one"}};
    for (int tries = 0; tries < 600 && read_file(out / "rounds.jsonl").size() <= rounds.size(); ++tries)
        ::usleep(100'000);
    again.send(SIGINT);
    CHECK(again.wait().exit_code == 130);
    CHECK(read_file(out / "rounds.jsonl").size() > rounds.size());
}

TEST_CASE("Runs that begin in the same second have folders of their own", "[integration]")
{
    TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    const auto here = std::filesystem::current_path();
    std::filesystem::current_path(folder.path());
    std::vector<std::unique_ptr<Process>> processes;
    for (int seed = 1; seed <= 4; ++seed)
        processes.push_back(
            std::make_unique<Process>("fedgram", std::vector<std::string>{"run", "tiny.json", "--client-processes", "1",
                                                                          "--set", "seed=" + std::to_string(seed)}));
    std::filesystem::current_path(here);
    for (const auto& process : processes) {
        const auto outcome = process->wait();
        INFO(outcome.err);
        CHECK(outcome.exit_code == 0);
    }
    std::set<int> seeds;
    for (const auto& entry : std::filesystem::directory_iterator{folder / "results"})
        seeds.insert(json::parse(read_file(entry.path() / "spec.json")).at("seed").get<int>());
    CHECK(seeds == std::set<int>{1, 2, 3, 4});
}

TEST_CASE("Of several runs with one --out, one has it", "[integration]")
{
    TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    std::filesystem::create_directories(folder / "out");
    std::vector<std::unique_ptr<Process>> processes;
    for (int i = 0; i < 4; ++i)
        processes.push_back(std::make_unique<Process>(
            "fedgram",
            std::vector<std::string>{"run", folder / "tiny.json", "--client-processes", "1", "--out", folder / "out"}));
    int done = 0;
    for (const auto& process : processes) {
        const auto outcome = process->wait();
        done += outcome.exit_code == 0 ? 1 : 0;
        if (outcome.exit_code != 0)
            CHECK((outcome.err.find("was taken by another run") != std::string::npos ||
                   outcome.err.find("is not empty") != std::string::npos));
    }
    CHECK(done == 1);
}

TEST_CASE("A finished run stopped earlier in hindsight has the table of one that stopped there", "[integration]")
{
    TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    REQUIRE(run("fedgram", {"run", folder / "tiny.json", "--out", folder / "long"}).exit_code == 0);
    REQUIRE(run("fedgram", {"run", folder / "tiny.json", "--out", folder / "short", "--set", "target_accuracy=0.3"})
                .exit_code == 0);
    const auto cells = [&](const std::vector<std::string>& arguments) {
        const auto priced = run("fedgram", arguments);
        INFO(priced.err);
        REQUIRE(priced.exit_code == 0);
        return json::parse(priced.out).at("cells");
    };
    const auto earlier = cells({"table", folder / "long", "--format", "json", "--target", "0.3"});
    CHECK(earlier == json::parse(read_file(folder / "short" / "table.json")).at("cells"));
    CHECK(earlier != cells({"table", folder / "long", "--format", "json"}));
    const auto above = run("fedgram", {"table", folder / "short", "--target", "0.5"});
    CHECK(above.exit_code == 2);
    CHECK(above.err.find("0.5 is above 0.3") != std::string::npos);
}
