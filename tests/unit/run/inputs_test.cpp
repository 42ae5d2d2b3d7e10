#include "common/run/inputs.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/run/summary.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::run;
using fedgram::test::read_file;
using fedgram::test::TemporaryFolder;
using fedgram::test::write_file;

namespace {

const std::string one(64, '1');
const std::string two(64, '2');

}  // namespace

TEST_CASE("A run goes on with the data that it began with, and with no other")
{
    const TemporaryFolder folder;
    const Inputs inputs{"mnist", one, R"({"classes": ["cat", "dog"]})"};
    pin_inputs(folder.path(), inputs);
    const auto written = read_file(folder / "inputs.json");
    CHECK(nlohmann::json::parse(written).at("data_sha256") == one);
    CHECK(nlohmann::json::parse(written).at("data").at("classes")[1] == "dog");
    CHECK_NOTHROW(pin_inputs(folder.path(), inputs));
    CHECK_THROWS_AS(pin_inputs(folder.path(), {"mnist", two}), DataError);
    CHECK_THROWS_WITH(
        pin_inputs(folder.path(), {"mnist", two}),
        Catch::Contains("began on data (mnist) with the digest 111111111111…; what is given has 222222222222…"));
    CHECK(read_file(folder / "inputs.json") == written);
}

TEST_CASE("A model's file is the one that a run began with")
{
    const TemporaryFolder folder;
    const auto file = (folder / "model.pt").string();
    const spec::ModelSpec script{.torchscript = file};
    const spec::ModelSpec start{.name = "mlp-32", .start = file};
    write_file(file, "a model");
    CHECK_FALSE(inputs_of("mnist", one, {.name = "mlp-32"}).model_file);
    CHECK(inputs_of("mnist", one, start).model_sha256 == inputs_of("mnist", one, script).model_sha256);
    for (const auto& model : {script, start}) {
        const TemporaryFolder run;
        write_file(file, "a model");
        pin_inputs(run.path(), inputs_of("mnist", one, model));
        CHECK_NOTHROW(pin_inputs(run.path(), inputs_of("mnist", one, model)));
        write_file(file, "another");
        CHECK_THROWS_WITH(pin_inputs(run.path(), inputs_of("mnist", one, model)),
                          Catch::Contains("model.pt: the run in") && Catch::Contains("put the file back"));
    }
}

TEST_CASE("The summary of a folder from before inputs.json has the data's digest")
{
    const TemporaryFolder folder;
    RunSummary summary;
    summary.name = "old";
    summary.dataset = "mnist";
    summary.data_sha256 = one;
    summary.raw_data_bytes = 1;
    summary.trainings.resize(1);
    summary.trainings[0].label = "central";
    write_file(folder / "summary.json", to_json(summary).dump());
    CHECK_THROWS_AS(pin_inputs(folder.path(), {"mnist", two}), DataError);
    pin_inputs(folder.path(), {"mnist", one});
    CHECK(std::filesystem::exists(folder / "inputs.json"));
}
