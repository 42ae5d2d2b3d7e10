#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/command.hpp"
#include "tests/support/next_word_models.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using nlohmann::json;

TEST_CASE("Speakers train an embedding and a recurrent model of their words together", "[integration]")
{
    for (const std::string model : {"embedding", "gru"}) {
        INFO(model);
        const TemporaryFolder folder;
        write_next_word_model(model, folder / "model.pt");
        const auto outcome =
            run("fedgram", {"run", "next-word", "--out", folder / "run", "--set",
                            "model.torchscript=" + (folder / "model.pt").string(), "--set", "target_accuracy=null",
                            "--set", "centralized.max_epochs=2", "--set", "centralized.linear_decay_epochs=2", "--set",
                            "federated.max_rounds=8", "--set", "federated.client_fraction=0.1"});
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        const auto summary = json::parse(read_file(folder / "run/summary.json"));
        CHECK(summary.at("dataset") == "synthetic-next-word");
        CHECK(summary.at("dataset_note") ==
              "synthetic words from a random chain: accuracies say nothing about a language");
        // Chance finds one in 64, and nobody more than 17 in 32.
        for (const auto& training : summary.at("trainings")) {
            CHECK(training.at("test_accuracy") > 0.1);
            CHECK(training.at("test_accuracy") < 0.54);
        }
    }
}
