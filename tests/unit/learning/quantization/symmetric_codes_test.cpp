#include "common/learning/quantization/symmetric_codes.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/learning/quantization/layered_model.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

using Codes = std::vector<std::int8_t>;

}  // namespace

TEST_CASE("The worked weights have the codes and values of the README in 8 and 4 bits", "[quantization]")
{
    const std::vector<float> weights{.9F, -.41F, .05F, -1.27F, .333F};
    const std::vector<int> in_8{90, -41, 5, -127, 33};
    const std::vector<int> in_4{5, -2, 0, -7, 2};
    const std::vector<double> told_by_4{.907, -.363, 0, -1.27, .363};
    CHECK(symmetric_scale(1.27F) == Approx(.01));
    CHECK(symmetric_scale(1.27F, 7) == Approx(.18143).margin(5e-6));
    for (std::size_t i = 0; i < weights.size(); ++i) {
        CHECK(symmetric_code(weights[i], symmetric_scale(1.27F)) == in_8[i]);
        const int code = symmetric_code(weights[i], symmetric_scale(1.27F, 7), 7);
        CHECK(code == in_4[i]);
        CHECK(static_cast<float>(code) * symmetric_scale(1.27F, 7) == Approx(told_by_4[i]).margin(5e-4));
    }
    const auto scales = symmetric_scales(weights, 1);
    const auto told = symmetric_values(symmetric_codes(weights, scales), scales);
    const std::vector<double> told_by_8{.9, -.41, .05, -1.27, .33};
    for (std::size_t i = 0; i < told.size(); ++i) CHECK(static_cast<double>(told[i]) == Approx(told_by_8[i]));
}

TEST_CASE("The largest magnitude is told as it is, which codes down to -128 would cut", "[quantization]")
{
    const auto told = [](float value, float scale) { return scale * static_cast<float>(symmetric_code(value, scale)); };
    for (const float largest : uniform_values(1000, .01, 10, 4)) {
        REQUIRE(symmetric_code(largest, symmetric_scale(largest)) == 127);
        REQUIRE(told(-largest, symmetric_scale(largest)) == Approx(-largest).epsilon(1e-6));
    }
    // By -128 to 127 the divisor is 127.5: 255 is the code 127.5, goes to the even 128, and is cut to 127.
    CHECK(std::nearbyint(255 / (255 / 127.5F)) == 128);
    CHECK(told(255, 255 / 127.5F) == 254);
}

TEST_CASE("Weights have no zero point, halves go to the even code, and zeros the scale 1", "[quantization]")
{
    const std::vector<float> values{.5F, 1.5F, 2.5F, -.5F, -2.5F, 127.5F, -128};
    const std::vector<float> one{1};
    CHECK(symmetric_codes(values, one) == Codes{0, 2, 2, 0, -2, 127, -127});
    CHECK(symmetric_scales(std::vector<float>{0, -0.0F}, 1) == one);
    CHECK(symmetric_codes(std::vector<float>{0, -0.0F}, one) == Codes{0, 0});
    CHECK(symmetric_scale(1e-30F) == least_scale);
    // A constant is its own largest magnitude.
    CHECK(symmetric_codes(std::vector<float>{-3, -3}, symmetric_scales(std::vector<float>{-3, -3}, 1)) ==
          Codes{-127, -127});
}

TEST_CASE("Each part has a scale of its own, and is told within half of it", "[quantization]")
{
    CHECK(symmetric_scales(std::vector<float>{127, 1, 0, -254, 0, 0}, 3) == std::vector<float>{1, 2, 1});
    auto values = uniform_values(300, -1, 1, 5);
    for (std::size_t i = 100; i < 200; ++i) values[i] *= .01F;
    const auto whole = symmetric_scales(values, 1);
    const auto parts = symmetric_scales(values, 3);
    const auto by_whole = symmetric_values(symmetric_codes(values, whole), whole);
    const auto by_parts = symmetric_values(symmetric_codes(values, parts), parts);
    float error_by_whole = 0;
    float error_by_parts = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        REQUIRE(std::abs(values[i] - by_whole[i]) <= whole[0] * .5001F);
        REQUIRE(std::abs(values[i] - by_parts[i]) <= parts[i / 100] * .5001F);
        if (i / 100 == 1) {
            error_by_whole = std::max(error_by_whole, std::abs(values[i] - by_whole[i]));
            error_by_parts = std::max(error_by_parts, std::abs(values[i] - by_parts[i]));
        }
    }
    // The middle part's values are a hundredth of the others', and so is its scale.
    CHECK(error_by_parts < error_by_whole / 50);
}
