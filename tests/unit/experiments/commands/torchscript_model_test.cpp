#include "experiments/commands/torchscript_model.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/learning/torchscript/torchscript_file.hpp"
#include "experiments/lookup/builtin_model.hpp"
#include "tests/support/captured_output.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

TEST_CASE("A built-in model that is written to a file costs the same by operator", "[experiments]")
{
    const test::TemporaryFolder folder;
    const auto path = (folder / "mine.pt").string();
    const auto model = experiments::builtin_model("small-cnn");
    learning::torchscript::write_torchscript(model, learning::initial_parameters(model, 1), path);
    {
        const test::CapturedOutput output;
        CHECK(experiments::models({.name = path, .json = true}) == 0);
        const auto json = Json::parse(output.text());
        CHECK(json["torchscript"] == path);
        CHECK(json["input_shape"] == Json({1, 28, 28}));
        CHECK(json["parameters"] == model.parameters.size);
        CHECK(json["forward_flops_per_sample"] == model.cost.forward_flops);
        CHECK(json["libtorch_forward_flops_per_sample"] == model.cost.forward_flops);
        CHECK(json["backward_flops_per_sample"] == model.cost.backward_flops);
        CHECK(json["forward_kernels_per_step"] == model.cost.kernels.forward);
        CHECK(json["operators"][0]["name"] == "aten::conv2d");
        CHECK(json["operators"][0]["calls"] == 2);
    }
    const test::CapturedOutput output;
    CHECK(experiments::models({.name = path}) == 0);
    CHECK_THAT(output.text(), Contains("aten::max_pool2d") && Contains("LibTorch's own count is the same.\n") &&
                                  Contains("\nSamples of 1x28x28, 10 classes.\n"));
    CHECK_THROWS_WITH(experiments::models({.name = path, .input = "3x32x32"}),
                      Contains("mine.pt: its forward fails: Given groups=1, weight of size [16, 1, 3, 3]") &&
                          Contains("float32 [N,3,32,32]"));
    CHECK_THROWS_AS(experiments::models({.name = (folder / "absent.pt").string()}), DataError);
}
