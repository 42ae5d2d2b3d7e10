#include "common/learning/quantization/quantized_tensors.hpp"

#include <cstring>

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
