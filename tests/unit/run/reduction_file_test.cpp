#include "common/run/reduction_file.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::test;
using Catch::Matchers::Contains;

namespace {

learning::ModelFigures figures(double accuracy)
{
    learning::ModelFigures figures;
    figures.accuracy = accuracy;
    figures.parameters = 100;
    figures.kept = 40;
    figures.stored_bytes = 321;
    figures.tensors = {{"fc1.weight", "bitmap", 200}, {"fc1.bias", "dense", 40}};
    figures.update_bytes = 160;
    figures.inference = {.float_ops = 2000,
                         .int8_ops = 0,
                         .memory_bytes = 500,
                         .kernels = 7,
                         .peak_activation_bytes = 64,
                         .peak_operator = "conv1"};
    return figures;
}

learning::ReductionResult result(const std::string& label)
{
    learning::ReductionResult result{label, "central", figures(0.9), {}};
    learning::LeverStep step;
    step.lever = spec::Prune{.sparsity = 0.6};
    step.cost.tuning.flops = 12345;
    step.cost.tuning.steps = 3;
    step.cost.passes.samples = 10;
    step.cost.kept_bytes = 99;
    step.figures = figures(0.875);
    result.steps.push_back(step);
    return result;
}

}  // namespace

TEST_CASE("A reduction reads back as it was written, and a folder's come by their labels")
{
    const TemporaryFolder folder;
    CHECK(run::read_reductions(folder.path()).empty());
    std::filesystem::create_directories(folder / "reductions");
    run::write_reduction(folder.path(), result("small"));
    run::write_reduction(folder.path(), result("other"));
    const auto read = run::read_reductions(folder.path());
    REQUIRE(read.size() == 2);
    CHECK(read[0].label == "other");
    CHECK(run::to_json(read[1]) == run::to_json(result("small")));
    CHECK(read[1].after().accuracy == 0.875);
    CHECK(read[1].cost().tuning.flops == 12345);
}

TEST_CASE("A reduction's file that is damaged is one line with its name and the key")
{
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder / "reductions");
    auto json = run::to_json(result("small"));
    json["before"]["accuracy"] = 2;
    write_file(folder / "reductions/small.json", json.dump());
    CHECK_THROWS_WITH(static_cast<void>(run::read_reductions(folder.path())),
                      Contains("small.json: before.accuracy") || Contains("small.json.before.accuracy"));
    write_file(folder / "reductions/small.json", "{");
    CHECK_THROWS_AS(static_cast<void>(run::read_reductions(folder.path())), DataError);
}
