#include "common/learning/quantization/requantization.hpp"

#include <limits>

#include <catch2/catch.hpp>

using namespace fedgram::learning;
using Catch::Matchers::Contains;

namespace {

QuantizedLayer one_output(std::size_t inputs, std::int32_t bias = 0)
{
    QuantizedLayer layer;
    layer.weights.assign(inputs, 127);
    layer.weight_scales = {1};
    layer.biases = {bias};
    return layer;
}

}  // namespace

TEST_CASE("A multiplier is the product of both scales by the output's, each operation rounded", "[quantization]")
{
    const float input = .1F;
    const float weight = .3F;
    const float output = .7F;
    const volatile float product = input * weight;
    CHECK(requantization_multiplier({input, 3}, weight, {output, 5}) == product / output);
    // The product comes first: the other order would stay within float32 here.
    CHECK(requantization_multiplier({1e30F, 0}, 1e30F, {1e30F, 0}) == std::numeric_limits<float>::infinity());

    QuantizedLayer layer;
    layer.input.scale = 2;
    layer.output.scale = 4;
    layer.weight_scales = {8};
    CHECK(requantization_multiplier(layer, 3) == 4);
    layer.weight_scales = {8, 2};
    CHECK(requantization_multiplier(layer, 1) == 1);
}

TEST_CASE("A layer is exact as long as its sums stay in 32 bits in any order", "[quantization]")
{
    // By hand: 2^31 - 1 = 2,147,483,647 is 66,311 times 255 x 127 = 32,385, and 1,912 more.
    CHECK_FALSE(inexactness(one_output(66'311)));
    CHECK_FALSE(inexactness(one_output(66'311, -1'912)));
    CHECK_THAT(inexactness(one_output(66'311, 1'913)).value_or(""),
               Contains("output 0: its sums could reach 2147483648, beyond the 2147483647 of 32 bits"));
    CHECK(inexactness(one_output(66'312)));
    auto shifted = one_output(40'000);
    shifted.input.zero_point = 255;
    CHECK(inexactness(shifted));

    auto second = one_output(2);
    second.biases = {0, std::numeric_limits<std::int32_t>::min()};
    CHECK_THAT(inexactness(second).value_or(""), Contains("output 1"));
}

TEST_CASE("An addition is exact as long as its sums are finite, by its scale too", "[quantization]")
{
    CHECK_FALSE(inexactness(Quantizer{1, 0}, Quantizer{1, 255}, Quantizer{0x1p-23F, 0}));
    // By hand: 255 x 1e36 = 2.55e38 is below float32's 3.4e38, and twice that above.
    CHECK_FALSE(inexactness(Quantizer{1e36F, 0}, Quantizer{1, 0}, Quantizer{1, 0}));
    CHECK_THAT(inexactness(Quantizer{1e36F, 0}, Quantizer{1e36F, 0}, Quantizer{1e36F, 0}).value_or(""),
               Contains("its sums could reach inf"));
    CHECK_THAT(inexactness(Quantizer{1e34F, 0}, Quantizer{1, 0}, Quantizer{0x1p-17F, 0}).value_or(""),
               Contains("which by the scale 7.62939453125e-06 is beyond float32"));
}

TEST_CASE("A multiplier that is no normal number makes a layer inexact", "[quantization]")
{
    auto layer = one_output(1);
    layer.input.scale = 1e-7F;
    layer.weight_scales = {1e-7F};
    layer.output.scale = 1e30F;
    CHECK_THAT(inexactness(layer).value_or(""), Contains("multiplied by"));
    layer.output.scale = 1e-7F;
    layer.weight_scales = {std::numeric_limits<float>::infinity()};
    CHECK_THAT(inexactness(layer).value_or(""), Contains("multiplied by inf"));
}
