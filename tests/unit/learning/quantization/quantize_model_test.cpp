#include "common/learning/quantization/quantize_model.hpp"

#include <limits>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/quantization/affine_quantizer.hpp"
#include "common/learning/quantization/symmetric_codes.hpp"
#include "tests/unit/learning/quantization/layered_model.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using Catch::Matchers::Contains;

namespace {

Model two_layers()
{
    return of_layers({spec::Flatten{}, spec::Linear{2}, spec::Relu{}, spec::Linear{2}}, {1, 1, 2, 2});
}

const std::vector<ValueRange> ranges{{0, 255}, {0, 255}, {-100, 155}};
const std::vector<float> parameters{1, -2, .5F, .25F, 0, 0, 1, 1, -1, 1, 3, -1000};

}  // namespace

TEST_CASE("A weight has one scale, or one for each output, and biases are counted in its units", "[quantization]")
{
    const auto by_tensor = quantize_model(two_layers(), parameters, ranges, WeightScales::per_tensor);
    CHECK(by_tensor.layers[0].weight_scales == symmetric_scales(std::vector<float>{2}, 1));
    CHECK(by_tensor.layers[0].weights == std::vector<std::int8_t>{64, -127, 32, 16});  // 63.5, 31.75, 15.875
    CHECK(by_tensor.layers[1].biases == std::vector<std::int32_t>{381, -127'000});     // 3 and -1000 x 127

    const auto by_channel = quantize_model(two_layers(), parameters, ranges, WeightScales::per_channel);
    CHECK(by_channel.layers[0].weight_scales == symmetric_scales(std::vector<float>{2, .5F}, 2));
    CHECK(by_channel.layers[0].weights == std::vector<std::int8_t>{64, -127, 127, 64});
    CHECK(by_channel.layers[0].input == Quantizer{1, 0});
    CHECK(by_channel.layers[0].output == by_channel.layers[1].input);
    CHECK(by_channel.layers[1].output == Quantizer{1, 100});
}

TEST_CASE("A bias that 32 bits can't count enlarges the scale, and one of zeros keeps its value", "[quantization]")
{
    auto tiny = parameters;
    for (std::size_t i = 0; i < 4; ++i) tiny[i] = 1e-4F;
    tiny[4] = 3000;  // 3000 / (1e-4 / 127) would be 3.8e9 units
    tiny[5] = 50;
    const auto enlarged = quantize_model(two_layers(), tiny, ranges, WeightScales::per_tensor).layers[0];
    CHECK(enlarged.weight_scales[0] == 3000 / 0x1p30F);
    CHECK(enlarged.biases[0] == 1 << 30);
    CHECK(static_cast<double>(enlarged.biases[1]) * static_cast<double>(enlarged.weight_scales[0]) ==
          Approx(50).epsilon(1e-6));
    CHECK(enlarged.weights[0] == 36);  // 1e-4 / 2.79e-6

    auto zeros = parameters;
    for (std::size_t i = 0; i < 4; ++i) zeros[i] = 0;
    zeros[5] = .3F;
    const auto constant = quantize_model(two_layers(), zeros, ranges, WeightScales::per_channel).layers[0];
    CHECK(constant.weight_scales == std::vector<float>{1, least_scale});
    CHECK(constant.weights == std::vector<std::int8_t>{0, 0, 0, 0});
    CHECK(constant.biases[0] == 0);
    CHECK(static_cast<double>(constant.biases[1]) * static_cast<double>(least_scale) == Approx(.3).epsilon(1e-6));
}

TEST_CASE("An addition has a quantizer of its own, behind its ReLU, and each layer that of what it takes",
          "[quantization]")
{
    using spec::Conv2d, spec::Flatten, spec::Linear, spec::Relu, spec::Residual;
    const Conv2d conv{.channels = 1, .kernel = 1, .bias = false};
    const auto model =
        of_layers({conv, Residual{.layers = {conv}, .shortcut = {conv}}, Relu{}, Flatten{}, Linear{1}}, {1, 1, 1, 1});
    const std::vector<float> values{2, 3, 4, 5, 1};  // fc1 has a bias of 1
    const auto quantized = quantize_model(
        model, values, std::vector<ValueRange>{{0, 255}, {0, 510}, {-255, 0}, {0, 2550}, {0, 25.5F}, {0, 51}},
        WeightScales::per_channel);
    const Quantizer at_conv{2, 0};
    const Quantizer at_sum = affine_quantizer({0, 25.5F});
    REQUIRE(quantized.layers.size() == 4);
    REQUIRE(quantized.additions.size() == 1);
    CHECK(quantized.layers[0].output == at_conv);
    CHECK(quantized.layers[1].input == at_conv);  // the residual's layer
    CHECK(quantized.layers[1].output == Quantizer{1, 255});
    CHECK(quantized.layers[2].input == at_conv);  // its shortcut takes the same
    CHECK(quantized.layers[2].output == Quantizer{10, 0});
    CHECK(quantized.additions[0] == at_sum);
    CHECK(quantized.layers[3].input == at_sum);
    CHECK(quantized.layers[0].biases == std::vector<std::int32_t>{0});
    CHECK(quantized.layers[3].biases[0] > 0);
}

TEST_CASE("A depthwise convolution has a scale for each of its channels", "[quantization]")
{
    const auto model =
        of_layers({spec::Conv2d{.channels = 2, .kernel = 2, .groups = 2}, spec::Flatten{}}, {2, 2, 2, 2});
    const std::vector<float> values{1, 2, 3, 4, 0.5F, 0.25F, 0, -0.125F, 7, 8};
    const auto layer =
        quantize_model(model, values, std::vector<ValueRange>{{0, 1}, {0, 1}}, WeightScales::per_channel).layers[0];
    CHECK(layer.weight_scales == symmetric_scales(std::vector<float>{4, 0.5F}, 2));
    CHECK(layer.weights ==
          std::vector<std::int8_t>{32, 64, 95, 127, 127, 64, 0, -32});  // 31.75, 63.5, 95.25; 63.5, -31.75
}

TEST_CASE("What can't be quantized is refused by its place", "[quantization]")
{
    const auto quantized = [](const Model& model, const std::vector<float>& values, std::vector<ValueRange> of_points) {
        return quantize_model(model, values, of_points, WeightScales::per_channel);
    };
    const auto model = two_layers();
    auto values = parameters;
    values[7] = std::numeric_limits<float>::infinity();
    CHECK_THROWS_AS(quantized(model, values, ranges), DataError);
    CHECK_THROWS_WITH(quantized(model, values, ranges), Contains("fc2.weight[1] is inf, which has no code"));
    values.pop_back();
    CHECK_THROWS_WITH(quantized(model, values, ranges), Contains("there are 11 parameters; the model has 12"));

    CHECK_THROWS_AS(quantized(model, parameters, {{0, 1}}), SpecError);
    CHECK_THROWS_WITH(quantized(model, parameters, {{0, 1}}), Contains("ranges of 1 activations; the model needs 3"));
    CHECK_THROWS_WITH(quantized(model, parameters, {{0, 1}, {-1, 1}, {0, 1}}),
                      Contains("relu1's range begins at -1, but a ReLU gives nothing below 0"));
    const auto to_six = of_layers({spec::Flatten{}, spec::Linear{2}, spec::Relu6{}}, {1, 1, 2, 2});
    CHECK_THROWS_WITH(quantized(to_six, std::vector<float>(6, 1), {{0, 1}, {0, 6.5F}}),
                      Contains("relu1's range ends at 6.5, but a ReLU6 gives nothing above 6"));
    const float nan = std::numeric_limits<float>::quiet_NaN();
    CHECK_THROWS_AS(quantized(model, parameters, {{0, 1}, {0, 1}, {0, nan}}), DataError);
    CHECK_THROWS_WITH(quantized(model, parameters, {{0, 1}, {0, 1}, {0, nan}}),
                      Contains("calibration: fc2: a range from 0 to nan"));

    const auto wide = of_layers({spec::Flatten{}, spec::Linear{2}}, {1, 300, 300, 2});
    CHECK_THROWS_AS(quantized(wide, std::vector<float>(wide.parameters.size, 1), {{0, 1}, {0, 1}}), SpecError);
    CHECK_THROWS_WITH(quantized(wide, std::vector<float>(wide.parameters.size, 1), {{0, 1}, {0, 1}}),
                      Contains("model, layer fc1, in int8: output 0: its sums could reach"));
    CHECK_THROWS_WITH(quantized(of_layers({spec::Flatten{}, spec::Linear{2}, spec::Tanh{}}, {1, 1, 2, 2}),
                                std::vector<float>(6, 1), {{0, 1}, {0, 1}}),
                      Contains("model.layers[2]: tanh"));
}
