#include "experiments/commands/serving_text.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "experiments/commands/devices.hpp"
#include "experiments/lookup/serving_lookup.hpp"
#include "tests/support/captured_output.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::experiments;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

std::string shown(const DevicesOptions& options)
{
    const test::CapturedOutput output;
    CHECK(devices(options) == 0);
    return output.text();
}

}  // namespace

TEST_CASE("The list of devices has a line for each kind of number that a server computes in", "[analyzing]")
{
    const auto text = shown({});
    CHECK_THAT(text, Contains("\nserver ") && Contains("\ntpu-v1 ") && Contains("\nbrainwave-arria-10 "));
    CHECK_THAT(serving_list_text(std::vector{*find_serving_profile("tpu-v4")}),
               Contains("bf16") && Contains("int8") && !Contains("fp32"));
}

TEST_CASE("A server's figures are shown with their standing, and what it isn't able to compute", "[analyzing]")
{
    const auto text = shown({.id = "TPU-v1"});
    CHECK_THAT(text, StartsWith("tpu-v1: Google TPU v1, as a server (datacenter; watts enclose the wall)\n"));
    CHECK_THAT(text, Contains("int8_gmac_per_s") && Contains("recalled") &&
                         Contains("No rate, so not able: fp32, fp16, bf16, block-fp8.\n"));
    // A device that trains, too, has both.
    CHECK_THAT(shown({.id = "t4"}), Contains("sustained_gflops") && Contains("t4: NVIDIA T4, as a server"));
}

TEST_CASE("A server's JSON is its record, and it can't be checked against trainings", "[analyzing]")
{
    CHECK(nlohmann::ordered_json::parse(shown({.id = "tpu-v3", .json = true})) == *find_serving_json("tpu-v3"));
    CHECK_THROWS_AS(devices({.id = "tpu-v3", .check = true}), SpecError);
    const test::TemporaryFolder folder;
    auto json = *find_serving_json("tpu-v3");
    json["id"] = "mine";
    test::write_file(folder / "mine.json", json.dump());
    CHECK_THAT(shown({.id = (folder / "mine.json").string()}), StartsWith("mine: Google TPU v3, a chip, as a server"));
}
