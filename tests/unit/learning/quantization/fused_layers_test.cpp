#include "common/learning/quantization/fused_layers.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/model/batch_norm_folding.hpp"
#include "tests/unit/learning/quantization/layered_model.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using Catch::Matchers::Contains;

namespace {

// "4: residual1(3 + 1) relu3": the point, the layer, the points that it takes, its activation.
std::vector<std::string> step_lines(const Model& model)
{
    const auto all = all_layers(model);
    std::vector<std::string> lines;
    for (const auto& step : fused_layers(model)) {
        auto line = std::to_string(lines.size() + 1) + ": " + all[step.layer]->name + "(" + std::to_string(step.input);
        if (step.is_addition()) line += " + " + std::to_string(step.shortcut);
        lines.push_back(line + ")" + (step.has_relu() ? " " + all[step.output]->name : ""));
    }
    return lines;
}

}  // namespace

TEST_CASE("Each layer with weights is one step with the ReLU behind it", "[quantization]")
{
    const auto model = builtin("lenet5");
    const auto fused = fused_layers(model);
    REQUIRE(fused.size() == 5);
    for (std::size_t i = 0; i < fused.size(); ++i) {
        const auto& name = model.layers[fused[i].layer].name;
        CHECK(model.parameters.slots[*fused[i].weight].name == name + ".weight");
        CHECK(fused[i].input == i);
        CHECK_FALSE(fused[i].is_addition());
        CHECK(model.parameters.slots[*fused[i].bias].name == name + ".bias");
        CHECK(fused[i].has_relu() == (i < 4));
        if (i < 4) CHECK(model.layers[fused[i].output].name == "relu" + std::to_string(i + 1));
    }
    CHECK(model.layers[fused[4].output].name == "fc3");
}

TEST_CASE("A residual's addition is a step that takes what its layers and its shortcut give", "[quantization]")
{
    const auto whole = builtin("resnet-8");
    const auto model = folded({.name = "resnet-8"}, whole, initial_parameters(whole, 1)).model;
    CHECK(step_lines(model) ==
          std::vector<std::string>{
              "1: conv1(0) relu1", "2: residual1.conv2(1) residual1.relu2", "3: residual1.conv3(2)",
              "4: residual1(3 + 1) relu3", "5: residual2.conv4(4) residual2.relu4", "6: residual2.conv5(5)",
              "7: residual2.conv6(4)", "8: residual2(6 + 7) relu5", "9: residual3.conv7(8) residual3.relu6",
              "10: residual3.conv8(9)", "11: residual3.conv9(8)", "12: residual3(10 + 11) relu7", "13: fc1(12)"});
}

TEST_CASE("Depthwise convolutions, those without a bias, ReLU6 and what codes go through have an int8 form",
          "[quantization]")
{
    using namespace spec;
    const auto model =
        of_layers({Conv2d{.channels = 4, .kernel = 3, .bias = false}, Relu6{}, Dropout{0.2},
                   Conv2d{.channels = 4, .kernel = 2, .groups = 4}, Relu{}, GlobalAvgPool2d{}, Flatten{}, Linear{2}},
                  {1, 4, 4, 2});
    CHECK(step_lines(model) == std::vector<std::string>{"1: conv1(0) relu1", "2: conv2(1) relu2", "3: fc1(2)"});
    const auto steps = fused_layers(model);
    CHECK(steps[0].activation == FusedActivation::relu6);
    CHECK_FALSE(steps[0].bias);
    CHECK(steps[1].activation == FusedActivation::relu);
    CHECK(channels_of(model, steps[1]) == 4);
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
    CHECK(refusal({Flatten{}, Linear{3}, Tanh{}, Linear{2}}) ==
          "model.layers[2]: tanh can't be quantized to int8: int8 knows conv2d, linear, relu, relu6, max_pool2d, "
          "avg_pool2d, global_avg_pool2d, flatten, dropout and residual");
    CHECK_THAT(refusal({Conv2d{2, 4}, GroupNorm{1}, Flatten{}}), Contains("model.layers[1]: group_norm"));
    const auto of_groups = [](std::uint32_t channels, std::uint32_t groups) {
        return Conv2d{.channels = channels, .kernel = 1, .groups = groups};
    };
    CHECK_THAT(
        refusal({of_groups(4, 1), of_groups(4, 2), Flatten{}, Linear{2}}),
        Contains("model.layers[1]: conv2d can't be quantized to int8: int8 knows convolutions of one group, or of "
                 "a group for each channel"));
    CHECK_THAT(refusal({of_groups(4, 1), of_groups(8, 4), Flatten{}, Linear{2}}), Contains("model.layers[1]: conv2d"));
    CHECK_THAT(refusal({Conv2d{2, 4}, BatchNorm{}, Flatten{}}), Contains("model.layers[1]: batch_norm"));
    CHECK_THAT(refusal({Relu{}, Flatten{}, Linear{2}}), Contains("model.layers[0]: relu") && Contains("move it there"));
    CHECK_THAT(refusal({Conv2d{2, 3}, MaxPool2d{2, 2}, Relu{}, Flatten{}}), Contains("model.layers[2]: relu"));
    CHECK_THAT(refusal({Flatten{}, Linear{3}, Relu{}, Relu{}, Linear{2}}), Contains("model.layers[3]: relu"));
    // An activation at the head of a body or a shortcut is behind what another branch takes, too.
    const Conv2d same{.channels = 2, .kernel = 1};
    CHECK_THAT(refusal({same, Residual{.layers = {Relu{}, same}}, Flatten{}, Linear{2}}),
               Contains("model.layers[1].layers[0]: relu") && Contains("move it there"));
    CHECK_THAT(refusal({same, Residual{.layers = {same}, .shortcut = {Relu6{}}}, Flatten{}, Linear{2}}),
               Contains("model.layers[1].shortcut[0]: relu6"));
    CHECK_THAT(refusal({Residual{.layers = {MaxPool2d{1, 1}}}, Flatten{}, Linear{2}}),
               Contains("model.layers[0]: residual") && Contains("no conv2d or linear layer comes before its sum"));
    CHECK_THROWS_WITH(fused_layers(of_layers({AvgPool2d{2, 2}, Flatten{}}, {1, 4, 4, 4})),
                      Contains("nothing to quantize"));
    Model scripted;
    scripted.torchscript = "net.pt";
    CHECK_THROWS_WITH(fused_layers(scripted), Contains("model.torchscript: net.pt can't be quantized"));
}
