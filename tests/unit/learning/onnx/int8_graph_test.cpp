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
                      "model.layers[2]: tanh can't be quantized to int8: int8 knows conv2d, linear, relu, max_pool2d, "
                      "avg_pool2d and flatten");
}
