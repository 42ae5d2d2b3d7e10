#include <algorithm>

#include "common/error/error.hpp"
#include "common/learning/onnx/onnx_model.hpp"
#include "tests/unit/learning/onnx/read_graph.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using namespace fedgram::test;

namespace {

QuantizedLayer layer(std::size_t weights, std::vector<std::int32_t> biases, std::vector<float> scales, Quantizer input,
                     Quantizer output)
{
    QuantizedLayer layer;
    for (std::size_t i = 0; i < weights; ++i)
        layer.weights.push_back(static_cast<std::int8_t>(3 - static_cast<int>(i)));
    layer.weight_scales = std::move(scales);
    layer.biases = std::move(biases);
    layer.input = input;
    layer.output = output;
    return layer;
}

constexpr Quantizer at_input{0.5F, 7};
constexpr Quantizer at_logits{2, 100};

/// A convolution with a ReLU, whose output has this quantizer, poolings, and a linear layer.
QuantizedModel small_model(Quantizer behind_relu)
{
    QuantizedModel quantized;
    quantized.model =
        build_model({.name = "small",
                     .layers = {spec::Conv2d{.channels = 2, .kernel = 2}, spec::Relu{}, spec::MaxPool2d{2, 1},
                                spec::AvgPool2d{2, 2}, spec::Flatten{}, spec::Linear{1}}},
                    {.channels = 1, .height = 4, .width = 4, .classes = 1});
    quantized.layers = {layer(8, {-300, 70000}, {0.25F, 0.125F}, at_input, behind_relu),
                        layer(2, {5}, {0.5F}, behind_relu, at_logits)};
    return quantized;
}

}  // namespace

TEST_CASE("In int8 each layer with weights stands between codes, and its quantizer's clamp is the ReLU", "[onnx]")
{
    const auto file = parsed(onnx_model(small_model({0.75F, 0})));
    CHECK(
        node_lines(file) ==
        std::vector<std::string>{
            "input.codes = QuantizeLinear(input, input.scale, input.zero_point)",
            "conv1.input = DequantizeLinear(input.codes, input.scale, input.zero_point)",
            "conv1.weight.real = DequantizeLinear(conv1.weight, conv1.weight.scale, conv1.weight.zero_point) axis=0",
            "conv1.bias.real = DequantizeLinear(conv1.bias, conv1.bias.scale, conv1.bias.zero_point) axis=0",
            "conv1.real = Conv(conv1.input, conv1.weight.real, conv1.bias.real) group=1 kernel_shape=2,2 pads=0,0,0,0 "
            "strides=1,1",
            "conv1.codes = QuantizeLinear(conv1.real, conv1.scale, conv1.zero_point)",
            "pool1 = MaxPool(conv1.codes) kernel_shape=2,2 strides=1,1",
            "pool2.input = DequantizeLinear(pool1, pool2.scale, pool2.zero_point)",
            "pool2.real = AveragePool(pool2.input) kernel_shape=2,2 strides=2,2",
            "pool2 = QuantizeLinear(pool2.real, pool2.scale, pool2.zero_point)", "flatten1 = Flatten(pool2) axis=1",
            "fc1.input = DequantizeLinear(flatten1, conv1.scale, conv1.zero_point)",
            "fc1.weight.real = DequantizeLinear(fc1.weight, fc1.weight.scale, fc1.weight.zero_point)",
            "fc1.bias.real = DequantizeLinear(fc1.bias, fc1.bias.scale, fc1.bias.zero_point)",
            "fc1.real = Gemm(fc1.input, fc1.weight.real, fc1.bias.real) transB=1",
            "fc1.codes = QuantizeLinear(fc1.real, fc1.scale, fc1.zero_point)",
            "logits = DequantizeLinear(fc1.codes, fc1.scale, fc1.zero_point)"});
}

TEST_CASE("Codes, scales and zero points are the engine's, a bias in units of input x weight scale", "[onnx]")
{
    const auto file = parsed(onnx_model(small_model({0.75F, 0})));
    CHECK(constant(file, "input.zero_point").data_type() == wire::UINT8);
    CHECK(extents(constant(file, "input.zero_point")).empty());
    CHECK(values<std::uint8_t>(constant(file, "input.zero_point")) == std::vector<std::uint8_t>{7});
    CHECK(values<float>(constant(file, "input.scale")) == std::vector<float>{0.5F});

    CHECK(constant(file, "conv1.weight").data_type() == wire::INT8);
    CHECK(extents(constant(file, "conv1.weight")) == std::vector<std::int64_t>{2, 1, 2, 2});
    CHECK(values<std::int8_t>(constant(file, "conv1.weight")) == std::vector<std::int8_t>{3, 2, 1, 0, -1, -2, -3, -4});
    CHECK(extents(constant(file, "conv1.weight.scale")) == std::vector<std::int64_t>{2});
    CHECK(values<std::int8_t>(constant(file, "conv1.weight.zero_point")) == std::vector<std::int8_t>{0, 0});
    CHECK(constant(file, "conv1.bias").data_type() == wire::INT32);
    CHECK(values<std::int32_t>(constant(file, "conv1.bias")) == std::vector<std::int32_t>{-300, 70000});
    CHECK(values<float>(constant(file, "conv1.bias.scale")) == std::vector<float>{0.125F, 0.0625F});
    CHECK(values<std::int32_t>(constant(file, "conv1.bias.zero_point")) == std::vector<std::int32_t>{0, 0});

    // An average is one of codes as numbers.
    CHECK(values<float>(constant(file, "pool2.scale")) == std::vector<float>{1});
    CHECK(values<std::uint8_t>(constant(file, "pool2.zero_point")) == std::vector<std::uint8_t>{0});

    CHECK(extents(constant(file, "fc1.weight.scale")).empty());
    CHECK(values<float>(constant(file, "fc1.bias.scale")) == std::vector<float>{0.375F});
    CHECK(values<std::uint8_t>(constant(file, "fc1.zero_point")) == std::vector<std::uint8_t>{100});
}

TEST_CASE("A ReLU whose 0 isn't the least code is a node of its own", "[onnx]")
{
    const auto lines = node_lines(parsed(onnx_model(small_model({0.75F, 3}))));
    CHECK(lines[5] == "conv1.relu = Relu(conv1.real)");
    CHECK(lines[6] == "conv1.codes = QuantizeLinear(conv1.relu, conv1.scale, conv1.zero_point)");
}

TEST_CASE("A residual's sum stands between codes like a layer, and depthwise convolutions are groups", "[onnx]")
{
    using spec::Conv2d, spec::Dropout, spec::Flatten, spec::GlobalAvgPool2d, spec::Linear, spec::Relu, spec::Residual;
    QuantizedModel quantized;
    quantized.model =
        build_model({.name = "r",
                     .layers = {Conv2d{.channels = 2, .kernel = 1}, Relu{}, Dropout{0.5},
                                Residual{.layers = {Conv2d{.channels = 2, .kernel = 1, .groups = 2, .bias = false}}},
                                Relu{}, GlobalAvgPool2d{}, Flatten{}, Linear{1}}},
                    {.channels = 1, .height = 2, .width = 2, .classes = 1});
    const Quantizer at_conv{0.25F, 0};
    const Quantizer at_body{0.5F, 9};
    const Quantizer at_sum{0.125F, 0};
    quantized.layers = {layer(2, {1, 2}, {1}, at_input, at_conv), layer(2, {0, 0}, {2, 1}, at_conv, at_body),
                        layer(2, {3}, {1}, at_sum, at_logits)};
    quantized.additions = {at_sum};
    const auto file = parsed(onnx_model(quantized));
    const auto lines = node_lines(file);
    const auto is_at = [&](const std::string& first) {
        return std::ranges::find_if(lines, [&](const auto& line) { return line.starts_with(first); });
    };
    CHECK(*is_at("residual1.conv2.real = ") ==
          "residual1.conv2.real = Conv(residual1.conv2.input, residual1.conv2.weight.real, residual1.conv2.bias.real) "
          "group=2 kernel_shape=1,1 pads=0,0,0,0 strides=1,1");
    CHECK(values<std::int32_t>(constant(file, "residual1.conv2.bias")) == std::vector<std::int32_t>{0, 0});
    CHECK(std::vector<std::string>(is_at("residual1.body"), is_at("fc1.weight")) ==
          std::vector<std::string>{
              "residual1.body = DequantizeLinear(residual1.conv2.codes, residual1.conv2.scale, "
              "residual1.conv2.zero_point)",
              "residual1.shortcut = DequantizeLinear(conv1.codes, conv1.scale, conv1.zero_point)",
              "residual1.real = Add(residual1.body, residual1.shortcut)",
              "residual1.codes = QuantizeLinear(residual1.real, residual1.scale, residual1.zero_point)",
              "pool1.input = DequantizeLinear(residual1.codes, pool1.scale, pool1.zero_point)",
              "pool1.real = GlobalAveragePool(pool1.input)",
              "pool1 = QuantizeLinear(pool1.real, pool1.scale, pool1.zero_point)", "flatten1 = Flatten(pool1) axis=1",
              "fc1.input = DequantizeLinear(flatten1, residual1.scale, residual1.zero_point)"});
    CHECK(values<float>(constant(file, "residual1.scale")) == std::vector<float>{0.125F});
}

TEST_CASE("A ReLU6 is the clamp of codes that end at 6, and else a node of its own", "[onnx]")
{
    const auto lines_of = [](Quantizer behind) {
        QuantizedModel quantized;
        quantized.model = build_model({.name = "six", .layers = {spec::Flatten{}, spec::Linear{1}, spec::Relu6{}}},
                                      {.channels = 1, .height = 1, .width = 1, .classes = 1});
        quantized.layers = {layer(1, {0}, {1}, at_input, behind)};
        return node_lines(parsed(onnx_model(quantized)));
    };
    const auto clipped = "fc1.relu = Clip(fc1.real, fc1.least, fc1.most)";
    CHECK(std::ranges::count(lines_of({6 / 255.0F, 0}), clipped) == 0);
    CHECK(std::ranges::count(lines_of({5 / 255.0F, 0}), clipped) == 0);
    CHECK(std::ranges::count(lines_of({7 / 255.0F, 0}), clipped) == 1);
    CHECK(std::ranges::count(lines_of({6 / 255.0F, 1}), clipped) == 1);
}

TEST_CASE("The same model gives the same bytes", "[onnx]")
{
    CHECK(onnx_model(small_model({1, 0})) == onnx_model(small_model({1, 0})));
}

TEST_CASE("A layer without an int8 form is refused", "[onnx]")
{
    QuantizedModel quantized;
    quantized.model = build_model({.name = "t", .layers = {spec::Flatten{}, spec::Linear{1}, spec::Tanh{}}},
                                  {.channels = 1, .height = 1, .width = 1, .classes = 1});
    quantized.layers = {layer(1, {0}, {1}, at_input, at_logits)};
    CHECK_THROWS_WITH(onnx_model(quantized),
                      Catch::Matchers::Contains("model.layers[2]: tanh can't be quantized to int8"));
}
