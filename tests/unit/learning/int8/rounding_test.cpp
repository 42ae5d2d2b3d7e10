// What codes become of which sums, by hand.
#include <algorithm>
#include <limits>

#include <catch2/catch.hpp>

#include "tests/unit/learning/int8/random_networks.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

using Floats = std::vector<float>;

// One output that is the sum of `count` codes of 255 times -127, plus its opposite, plus 7: each unit of the sum
// counts.
QuantizedModel extreme_linear(std::uint32_t height, std::uint32_t width)
{
    const auto count = static_cast<std::int32_t>(height * width);
    QuantizedModel model{.model = model_of({spec::Flatten{}, spec::Linear{1}}, {1, height, width, 1}), .layers = {{}}};
    auto& layer = model.layers.front();
    layer.weights.assign(static_cast<std::size_t>(count), -127);
    layer.weight_scales = {1};
    layer.biases = {32'385 * count + 7};
    return model;
}

}  // namespace

TEST_CASE("Codes of 255 times weights of -127 are summed exactly, up to the longest sum")
{
    // 65,793 = 273 x 241 products.
    for (const auto& [height, width] :
         std::vector<std::pair<std::uint32_t, std::uint32_t>>{{1, 1}, {1, 2}, {1, 4}, {3, 5}, {28, 28}, {273, 241}}) {
        INFO(height << " x " << width);
        const Floats image(std::size_t{height} * width, 255.0F);
        CHECK(logits_of(extreme_linear(height, width), image) == Floats{7});
    }
}

TEST_CASE("A convolution over codes of 255 by weights of -127 is exact, in whole windows and at the border")
{
    // By hand: a whole 3 x 3 window is 9 x -32,385 = -291,465, one in a corner has 4 products of the 9.
    QuantizedModel model{.model = model_of({spec::Conv2d{1, 3, 1, 1}, spec::Flatten{}}, {1, 3, 3, 9}), .layers = {{}}};
    auto& layer = model.layers.front();
    layer.weights.assign(9, -127);
    layer.weight_scales = {1};
    layer.biases = {291'465};
    layer.output.scale = 32'385;
    CHECK(logits_of(model, Floats(9, 255.0F)) == Floats{5 * 32'385.0F, 3 * 32'385.0F, 5 * 32'385.0F, 3 * 32'385.0F, 0,
                                                        3 * 32'385.0F, 5 * 32'385.0F, 3 * 32'385.0F, 5 * 32'385.0F});
}

TEST_CASE("Inputs become the nearest code, halves to even, and those beyond the range its ends")
{
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float infinity = std::numeric_limits<float>::infinity();
    CHECK(logits_of(identity(12), Floats{0.5, 1.5, 2.5, -0.5, 254.5, 255.5, 300, -7, 1e30F, -infinity, infinity,
                                         nan}) == Floats{0, 2, 2, 0, 254, 255, 255, 0, 255, 0, 255, 0});

    // A zero point is added behind the rounding: 0.5 is 0, so code 3; added before, 3.5 would be 4.
    auto shifted = identity(4);
    shifted.layers.front().input = {1, 3};
    shifted.layers.front().output = {1, 3};
    CHECK(logits_of(shifted, Floats{0.5, 1.5, -2.5, -9}) == Floats{0, 2, -2, -3});

    auto scaled = identity(3);
    scaled.layers.front().input = {0.25F, 0};
    scaled.layers.front().output = {0.25F, 0};
    CHECK(logits_of(scaled, Floats{0.125, 0.375, 0.625}) == Floats{0, 0.5, 0.5});
}

TEST_CASE("Sums become the nearest code, halves to even, and the zero point is added behind")
{
    // Sums 1, 3, 5, 7 in units of half a code: 0.5, 1.5, 2.5, 3.5.
    auto halved = identity(4);
    halved.layers.front().output = {2, 0};
    CHECK(logits_of(halved, Floats{1, 3, 5, 7}) == Floats{0, 4, 4, 8});

    // The same below zero, at an odd zero point: codes 5 - 0, 5 - 2, 5 - 2, 5 - 4.
    halved.layers.front().output = {2, 5};
    for (auto& weight : halved.layers.front().weights) weight = static_cast<std::int8_t>(-weight);
    CHECK(logits_of(halved, Floats{1, 3, 5, 7}) == Floats{0, -4, -4, -8});
}

TEST_CASE("A sum is rounded to float32 before it is multiplied")
{
    // 2^24 + 1 lies between two floats and becomes 2^24, which is half a code and rounds to 0; the sum itself is more.
    auto model = identity(1);
    model.layers.front().biases = {16'777'217};
    model.layers.front().output.scale = 33'554'432;
    CHECK(logits_of(model, Floats{0}) == Floats{0});
    model.layers.front().biases = {16'777'219};  // becomes 2^24 + 4
    CHECK(logits_of(model, Floats{0}) == Floats{33'554'432});
}

TEST_CASE("The multiplier is (input scale x weight scale) / output scale, each step in float32")
{
    // In units of 2^-149, the smallest float: 3e-30 x 1e-14 is 21.4 and becomes 21, 1e-43 is 71. So 255 becomes
    // 255 x 21 / 71 = 75.4, where another order would give 255 x 0.3 = 76.5.
    auto model = identity(1);
    model.layers.front().input.scale = 3e-30F;
    model.layers.front().weight_scales = {1e-14F};
    model.layers.front().output.scale = 1e-43F;
    CHECK(logits_of(model, Floats{1}) == Floats{75 * 1e-43F});
}

TEST_CASE("A ReLU keeps codes from falling below the zero point")
{
    auto model = identity(3);
    model.model = model_of({spec::Flatten{}, spec::Linear{3}, spec::Relu{}}, {1, 1, 3, 3});
    model.layers.front().input = {1, 100};
    model.layers.front().output = {1, 100};
    CHECK(logits_of(model, Floats{-20, 0, 20}) == Floats{0, 0, 20});
}

TEST_CASE("Average pooling gives the nearest code to the mean, halves to even")
{
    // By hand: (0+1+1+0)/4 = 0.5, (1+2+1+2)/4 = 1.5, (2+3+2+3)/4 = 2.5, (1+2+1+1)/4 = 1.25, 7/4, 254.75.
    auto model = identity(6);
    model.model = model_of({spec::AvgPool2d{2, 2}, spec::Flatten{}, spec::Linear{6}}, {1, 2, 12, 6});
    CHECK(logits_of(model, Floats{0, 1, 1, 2, 2, 3, 1, 2, 2, 2, 255, 255,  //
                                  1, 0, 1, 2, 2, 3, 1, 1, 2, 1, 254, 255}) == Floats{0, 2, 2, 1, 2, 255});
}

TEST_CASE("Products far beyond all integers are clamped")
{
    auto model = identity(2);
    model.layers.front().weights = {127, 0, 0, -127};
    model.layers.front().output = {1e-30F, 9};
    CHECK(logits_of(model, Floats{255, 255}) == Floats{1e-30F * 246, 1e-30F * -9});
}

TEST_CASE("A ReLU6 keeps codes between those of 0 and of 6")
{
    auto model = identity(4);
    model.model = model_of({spec::Flatten{}, spec::Linear{4}, spec::Relu6{}}, {1, 1, 4, 4});
    model.layers.front().input = {1, 100};
    model.layers.front().output = {1, 100};
    CHECK(logits_of(model, Floats{-20, 5, 6, 20}) == Floats{0, 5, 6, 6});
    // 6 / 4 = 1.5 is code 2 above 0, which stands for 8. Sums 4, 8, 12 are 1, 2, 3.
    model.layers.front().output = {4, 100};
    CHECK(logits_of(model, Floats{-20, 4, 8, 12}) == Floats{0, 4, 8, 8});
    // 6 is beyond the codes.
    model.layers.front().output = {1, 253};
    CHECK(logits_of(model, Floats{-20, 1, 2, 5}) == Floats{0, 1, 2, 2});
}

TEST_CASE("A global mean is that of all pixels, halves to even")
{
    // By hand, of 2 x 3 pixels: 3 / 6 = 0.5, 9 / 6 = 1.5, 1525 / 6 = 254.2.
    auto model = identity(3);
    model.model = model_of({spec::GlobalAvgPool2d{}, spec::Flatten{}, spec::Linear{3}}, {3, 2, 3, 3});
    CHECK(logits_of(model, Floats{0, 1, 0, 1, 0, 1, 4, 0, 0, 0, 5, 0, 255, 255, 255, 255, 255, 250}) ==
          Floats{0, 2, 254});
    // Of 65,535 pixels half a code isn't reached: 32,767 / 65,535; one more is beyond it.
    auto large = identity(1);
    large.model = model_of({spec::GlobalAvgPool2d{}, spec::Flatten{}, spec::Linear{1}}, {1, 255, 257, 1});
    Floats image(65'535);
    std::fill_n(image.begin(), 32'767, 1.0F);
    CHECK(logits_of(large, image) == Floats{0});
    image.back() = 1;
    CHECK(logits_of(large, image) == Floats{1});
    std::fill(image.begin(), image.end(), 255.0F);
    image.back() = 254;
    CHECK(logits_of(large, image) == Floats{255});
}
