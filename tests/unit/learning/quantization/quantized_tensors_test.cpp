#include "common/learning/quantization/quantized_tensors.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/quantization/fused_layers.hpp"
#include "common/learning/quantization/quantize_model.hpp"
#include "tests/unit/learning/quantization/layered_model.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using Catch::Matchers::Contains;

namespace {

QuantizedModel quantized(const Model& model, WeightScales scales)
{
    std::vector<ValueRange> ranges{{-1, 1}};
    for (const auto& layer : fused_layers(model)) ranges.push_back({layer.has_relu() ? 0.0F : -4.0F, 5});
    return quantize_model(model, initial_parameters(model, 1), ranges, scales);
}

// A residual in another one's layers, with convolutions of all groups there are.
Model small_residual()
{
    using namespace spec;
    const Residual inner{.layers = {Conv2d{.channels = 4, .kernel = 1, .groups = 4, .bias = false}}};
    const Residual outer{.layers = {Conv2d{.channels = 4, .kernel = 1}, Relu{}, inner}};
    return of_layers({Conv2d{.channels = 4, .kernel = 1}, outer, Relu{}, GlobalAvgPool2d{}, Flatten{}, Linear{4}},
                     {1, 2, 2, 4});
}

std::uint64_t sum_of_bytes(const QuantizedModel& model)
{
    std::uint64_t sum = 0;
    for (const auto& tensor : encode_quantized(model)) sum += tensor.bytes.size();
    return sum;
}

}  // namespace

TEST_CASE("An int8 model takes less than a fourth of its weights' bytes, but more than a fourth in all",
          "[quantization]")
{
    const auto model = builtin("lenet5");
    // By hand: 61,706 parameters, 236 of them biases of 5 layers; 6 quantizers.
    const auto by_channel = bytes_of(quantized(model, WeightScales::per_channel));
    CHECK(by_channel.weights == 61'470);
    CHECK(by_channel.scales == 4 * 236);
    CHECK(by_channel.biases == 4 * 236);
    CHECK(by_channel.quantizers == 6 * 5);
    CHECK(by_channel.total() == 63'388);
    CHECK(static_cast<double>(model.parameters.bytes()) / static_cast<double>(by_channel.total()) ==
          Approx(3.89).margin(.005));
    CHECK(bytes_of(quantized(model, WeightScales::per_tensor)).total() == 61'470 + 4 * 5 + 4 * 236 + 30);

    // Few weights to a channel: 16 x 9 of them, with the 12 bytes of two floats and an int32 beside; and 10 outputs.
    const auto narrow = of_layers(
        {spec::Conv2d{16, 3}, spec::Relu{}, spec::AvgPool2d{26, 26}, spec::Flatten{}, spec::Linear{10}}, Shape{});
    const auto bytes = bytes_of(quantized(narrow, WeightScales::per_channel));
    CHECK(bytes.total() == 16 * (9 + 8) + 10 * (16 + 8) + 15);
    CHECK(static_cast<double>(narrow.parameters.bytes()) / static_cast<double>(bytes.total()) < 2.6);
}

TEST_CASE("The tensors of an int8 model are its bytes, and it comes back from them", "[quantization]")
{
    const auto model = builtin("lenet5");
    for (const auto scales : {WeightScales::per_tensor, WeightScales::per_channel}) {
        const auto before = quantized(model, scales);
        CHECK(sum_of_bytes(before) == bytes_of(before).total());
        const auto tensors = encode_quantized(before);
        REQUIRE(tensors.size() == 1 + 3 * 5);
        CHECK(tensors[0].name == "input");
        CHECK(tensors[1].name == "conv1.weight");
        CHECK(tensors[1].encoding == (scales == WeightScales::per_tensor ? "int8" : "int8-per-channel"));
        CHECK(tensors[2].name == "conv1.bias");
        CHECK(tensors[3].name == "conv1.output");
        const auto after = decode_quantized(model, tensors);
        REQUIRE(after.layers.size() == before.layers.size());
        for (std::size_t i = 0; i < after.layers.size(); ++i) {
            CHECK(after.layers[i].weights == before.layers[i].weights);
            CHECK(after.layers[i].weight_scales == before.layers[i].weight_scales);
            CHECK(after.layers[i].biases == before.layers[i].biases);
            CHECK(after.layers[i].input == before.layers[i].input);
            CHECK(after.layers[i].output == before.layers[i].output);
        }
        CHECK(encode_quantized(after) == tensors);
    }
}

TEST_CASE("An int8 model with residuals comes back, with a quantizer for each addition", "[quantization]")
{
    const auto model = small_residual();
    const auto before = quantized(model, WeightScales::per_channel);
    REQUIRE(before.additions.size() == 2);
    // By hand: weights of 3 convolutions and a linear layer; 4 channels of each, with a scale and a bias, though one
    // convolution has none; and quantizers of the input, 4 layers and 2 additions.
    CHECK(bytes_of(before).total() == 4 + 16 + 4 + 16 + 4 * 4 * 8 + 7 * 5);
    CHECK(sum_of_bytes(before) == bytes_of(before).total());
    const auto tensors = encode_quantized(before);
    std::vector<std::string> names;
    for (const auto& tensor : tensors)
        if (tensor.encoding == "quantizer") names.push_back(tensor.name);
    CHECK(names == std::vector<std::string>{"input", "conv1.output", "residual1.conv2.output",
                                            "residual1.residual2.conv3.output", "residual1.residual2.output",
                                            "residual1.output", "fc1.output"});
    const auto after = decode_quantized(model, tensors);
    CHECK(after.additions == before.additions);
    CHECK(after.layers[2].input == before.layers[2].input);
    CHECK(after.layers[3].input == before.additions[1]);
    CHECK(encode_quantized(after) == tensors);
}

TEST_CASE("An addition's damaged quantizer is refused by name", "[quantization]")
{
    const auto model = small_residual();
    const auto good = encode_quantized(quantized(model, WeightScales::per_tensor));
    const auto refusal = [&](const auto& damage) {
        auto tensors = good;
        damage(*std::ranges::find(tensors, "residual1.output", &EncodedTensor::name), tensors);
        try {
            (void)decode_quantized(model, tensors);
        } catch (const DataError& error) {
            return std::string{error.what()};
        }
        return std::string{};
    };
    const auto with_scale = [](float scale) {
        return [scale](EncodedTensor& tensor, auto&) { std::memcpy(tensor.bytes.data(), &scale, sizeof scale); };
    };
    CHECK(refusal([](auto&, auto&) {}).empty());
    CHECK(refusal(with_scale(2)).empty());
    CHECK(refusal([](auto& tensor, auto&) { tensor.encoding = "int32"; }) ==
          "residual1.output: is encoded as \"int32\"; it must be quantizer");
    CHECK_THAT(refusal([](auto& tensor, auto&) { tensor.bytes.pop_back(); }),
               Contains("residual1.output: has 4 bytes"));
    CHECK_THAT(refusal(with_scale(0)), Contains("residual1.output: has the scale 0"));
    CHECK_THAT(refusal(with_scale(std::numeric_limits<float>::infinity())),
               Contains("residual1.output: has the scale inf"));
    CHECK_THAT(
        refusal([](auto& tensor, auto& tensors) { tensors.erase(tensors.begin() + (&tensor - tensors.data())); }),
        Contains("fc1.weight: stands where residual1.output must"));
    // Fine by itself, but sums of such codes are beyond float32.
    CHECK_THAT(refusal([](auto&, auto& tensors) {
                   const float scale = 1e37F;
                   auto& body = *std::ranges::find(tensors, "residual1.residual2.output", &EncodedTensor::name);
                   std::memcpy(body.bytes.data(), &scale, sizeof scale);
               }),
               Contains("residual1: its sums could reach inf"));
}

TEST_CASE("Tensors that are no int8 model of these layers are refused by name", "[quantization]")
{
    const auto model = builtin("mlp-32");
    const auto good = encode_quantized(quantized(model, WeightScales::per_channel));
    const auto refusal = [&](const auto& damage) {
        auto tensors = good;
        damage(tensors);
        try {
            (void)decode_quantized(model, tensors);
        } catch (const DataError& error) {
            return std::string{error.what()};
        }
        return std::string{};
    };
    CHECK(refusal([](auto&) {}).empty());
    CHECK(refusal([](auto& tensors) { tensors.pop_back(); }) == "fc2.output: is missing");
    CHECK(refusal([](auto& tensors) { tensors.push_back(tensors[0]); }) == "input: stands behind the last tensor");
    CHECK(refusal([](auto& tensors) { std::swap(tensors[1], tensors[2]); }) ==
          "fc1.bias: stands where fc1.weight must");
    CHECK(refusal([](auto& tensors) { tensors[1].encoding = "fp16"; }) ==
          "fc1.weight: is encoded as \"fp16\"; it must be int8 or int8-per-channel");
    CHECK(refusal([](auto& tensors) { tensors[2].encoding = "fp32"; }) ==
          "fc1.bias: is encoded as \"fp32\"; it must be int32");
    CHECK(refusal([](auto& tensors) { tensors[0].encoding = "int32"; }) ==
          "input: is encoded as \"int32\"; it must be quantizer");
    CHECK_THAT(refusal([](auto& tensors) { tensors[2].bytes.pop_back(); }),
               Contains("fc1.bias: has 127 bytes of int32; they must be 128"));
    CHECK_THAT(refusal([](auto& tensors) { tensors[3].bytes.clear(); }), Contains("fc1.output: has 0 bytes"));
    CHECK_THAT(refusal([](auto& tensors) { tensors[1].bytes.back() = std::byte{0x80}; }),
               Contains("fc1.weight: has the code -128"));
    CHECK_THAT(refusal([](auto& tensors) { std::memset(tensors[0].bytes.data(), 0, 4); }),
               Contains("input: has the scale 0"));
    CHECK_THAT(refusal([](auto& tensors) { std::memset(tensors[2].bytes.data() + 4, 0x7f, 4); }),
               Contains("fc1: output 1: its sums could reach"));
}
