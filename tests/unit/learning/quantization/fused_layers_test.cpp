#include "common/learning/quantization/fused_layers.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/unit/learning/quantization/layered_model.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using Catch::Matchers::Contains;

TEST_CASE("Each layer with weights is one step with the ReLU behind it", "[quantization]")
{
    const auto model = builtin("lenet5");
    const auto fused = fused_layers(model);
    REQUIRE(fused.size() == 5);
    for (std::size_t i = 0; i < fused.size(); ++i) {
        const auto& name = model.layers[fused[i].layer].name;
        CHECK(model.parameters.slots[fused[i].weight].name == name + ".weight");
        CHECK(model.parameters.slots[fused[i].bias].name == name + ".bias");
        CHECK(fused[i].has_relu() == (i < 4));
        if (i < 4) CHECK(model.layers[fused[i].output].name == "relu" + std::to_string(i + 1));
    }
    CHECK(model.layers[fused[4].output].name == "fc3");
}

TEST_CASE("A layer without an int8 form is refused by its place", "[quantization]")
{
    using namespace spec;
    const Shape shape{1, 4, 4, 2};
    const auto refusal = [&](std::vector<Layer> layers) {
        try {
            (void)fused_layers(of_layers(std::move(layers), shape));
        } catch (const SpecError& error) {
            return std::string{error.what()};
        }
        return std::string{};
    };
    CHECK(refusal({Flatten{}, Linear{3}, Relu{}, Linear{2}}).empty());
    CHECK(
        refusal({Flatten{}, Linear{3}, Tanh{}, Linear{2}}) ==
        "model.layers[2]: tanh can't be quantized to int8: int8 knows conv2d, linear, relu, max_pool2d, avg_pool2d and "
        "flatten");
    CHECK_THAT(refusal({Relu{}, Flatten{}, Linear{2}}), Contains("model.layers[0]: relu") && Contains("move it there"));
    CHECK_THAT(refusal({Conv2d{2, 3}, MaxPool2d{2, 2}, Relu{}, Flatten{}}), Contains("model.layers[2]: relu"));
    CHECK_THAT(refusal({Flatten{}, Linear{3}, Relu{}, Relu{}, Linear{2}}), Contains("model.layers[3]: relu"));
    CHECK_THROWS_WITH(fused_layers(of_layers({AvgPool2d{2, 2}, Flatten{}}, {1, 4, 4, 4})),
                      Contains("nothing to quantize"));
    Model scripted;
    scripted.torchscript = "net.pt";
    CHECK_THROWS_WITH(fused_layers(scripted), Contains("model.torchscript: net.pt can't be quantized"));
}
