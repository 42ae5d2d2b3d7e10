#include "common/learning/quantization/affine_quantizer.hpp"

#include <limits>
#include <string>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/unit/learning/quantization/layered_model.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using Catch::Matchers::Contains;

namespace {

using Codes = std::vector<std::uint8_t>;

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float largest = std::numeric_limits<float>::max();

}  // namespace

TEST_CASE("The worked activations have the codes and values of the README", "[quantization]")
{
    // From -0.5 to 2.05 are 255 steps of 0.01, and 0 is the 50th.
    const std::vector<float> values{-.5F, 0, .254F, 1, 2.05F};
    const auto quantizer = affine_quantizer({-.5F, 2.05F});
    CHECK(quantizer.scale == Approx(.01));
    CHECK(quantizer.zero_point == 50);
    const auto codes = quantize(values, quantizer, "values");
    CHECK(codes == Codes{0, 50, 75, 150, 255});
    const std::vector<double> told{-.5, 0, .25, 1, 2.05};
    for (std::size_t i = 0; i < told.size(); ++i)
        CHECK(static_cast<double>(dequantize(codes, quantizer)[i]) == Approx(told[i]));
}

TEST_CASE("A range is widened to hold 0, and 0 has a code", "[quantization]")
{
    CHECK(affine_quantizer({-1, 254}) == Quantizer{1, 1});
    CHECK(affine_quantizer({2, 510}) == Quantizer{2, 0});         // without 0: from there
    CHECK(affine_quantizer({-510, -3}) == Quantizer{2, 255});     // without 0: to there
    CHECK(affine_quantizer({5, 5}) == Quantizer{5 / 255.0F, 0});  // a constant is the end of its range
    CHECK(code_of(5, affine_quantizer({5, 5})) == 255);
    CHECK(code_of(-7, affine_quantizer({-7, -7})) == 0);
    CHECK(affine_quantizer({0, 0}) == Quantizer{least_scale, 0});
    CHECK(affine_quantizer({-0.0F, 1e-20F}) == Quantizer{least_scale, 0});
    // A zero point of a half goes to the even one. 2 / 255 is rounded up, so 1 is fewer than 127.5 steps.
    CHECK(affine_quantizer({-1, 1}).zero_point == 127);
    CHECK(affine_quantizer({-.5F, 254.5F}) == Quantizer{1, 0});
    CHECK(affine_quantizer({-1.5F, 253.5F}) == Quantizer{1, 2});
}

TEST_CASE("Halves go to the even code, and what is beyond to the last one", "[quantization]")
{
    const Quantizer one{1, 100};
    const std::vector<float> values{.5F, 1.5F, 2.5F, -.5F, -1.5F, -2.5F, 155.5F, 1e30F, -100.5F, -101, -largest};
    CHECK(quantize(values, one, "values") == Codes{100, 102, 102, 100, 98, 98, 255, 255, 0, 0, 0});
    CHECK(code_of(infinity, one) == 255);
    CHECK(code_of(-infinity, one) == 0);
}

TEST_CASE("A value is divided by its scale, as ONNX has it, not multiplied by the reciprocal", "[quantization]")
{
    // Near halves, where the two roundings of a reciprocal and a product can cross one.
    Stream random{1, Purpose::synthetic_data};
    int others = 0;
    for (int i = 0; i < 100'000; ++i) {
        const Quantizer quantizer{static_cast<float>(.01 + random.uniform()), 0};
        const float value = quantizer.scale * (static_cast<float>(random.below(200)) + .5F);
        const float by_reciprocal = std::nearbyint(value * (1 / quantizer.scale));
        const float quotient = value / quantizer.scale;
        REQUIRE(static_cast<float>(code_of(value, quantizer)) == std::nearbyint(quotient));
        if (by_reciprocal != std::nearbyint(quotient)) ++others;
    }
    CHECK(others > 1000);  // so the two conventions are told apart
}

TEST_CASE("What codes tell is within half a scale of any value of the range, and 0 is 0", "[quantization]")
{
    Stream random{2, Purpose::synthetic_data};
    for (int i = 0; i < 200; ++i) {
        const auto low = static_cast<float>(random.uniform() * 4 - 3);
        const auto high = low + static_cast<float>(random.uniform() * 5);
        const auto quantizer = affine_quantizer({low, high});
        REQUIRE(value_of(code_of(0, quantizer), quantizer) == 0);
        for (const float value : uniform_values(50, static_cast<double>(low), static_cast<double>(high), 3)) {
            const float error = std::abs(value - value_of(code_of(value, quantizer), quantizer));
            REQUIRE(error <= quantizer.scale * .5001F);
        }
        for (int code = 0; code < 256; ++code) {
            const auto each = static_cast<std::uint8_t>(code);
            REQUIRE(code_of(value_of(each, quantizer), quantizer) == each);
        }
    }
}

TEST_CASE("Dynamic quantization gives what ONNX's DynamicQuantizeLinear gives for its documented tensors",
          "[quantization]")
{
    // The operator's page, examples `dynamicquantizelinear`, `..._max_adjusted` and `..._min_adjusted`.
    const auto both = quantize_dynamically(std::vector<float>{0, 2, -3, -2.5F, 1.34F, .5F}, "x");
    CHECK(both.quantizer == Quantizer{.0196078438F, 153});
    CHECK(both.codes == Codes{153, 255, 0, 26, 221, 179});

    const auto negative = quantize_dynamically(std::vector<float>{-1, -2.1F, -1.3F, -2.5F, -3.34F, -4}, "x");
    CHECK(negative.quantizer == Quantizer{.0156862754F, 255});
    CHECK(negative.codes == Codes{191, 121, 172, 96, 42, 0});

    const auto positive =
        quantize_dynamically(std::vector<float>{1, 2.1F, 1.3F, 2.5F, 3.34F, 4, 1.5F, 2.6F, 3.9F, 4, 3, 2.345F}, "x");
    CHECK(positive.quantizer == Quantizer{.0156862754F, 0});
    CHECK(positive.codes == Codes{64, 134, 83, 159, 213, 255, 96, 166, 249, 255, 191, 149});

    const auto zeros = quantize_dynamically(std::vector<float>{0, 0}, "x");
    CHECK(zeros.codes == Codes{0, 0});
    CHECK(zeros.quantizer.scale > 0);
}

TEST_CASE("What isn't finite is refused by its name", "[quantization]")
{
    CHECK_THROWS_AS(quantize(std::vector<float>{1, not_a_number}, {}, "fc1's input"), DataError);
    CHECK_THROWS_WITH(quantize(std::vector<float>{1, not_a_number}, {}, "fc1's input"),
                      "fc1's input[1] is nan, which has no code; only finite values can be quantized");
    CHECK_THROWS_WITH(quantize_dynamically(std::vector<float>{-infinity}, "x"), Contains("x[0] is -inf"));
    CHECK_THROWS_WITH(affine_quantizer({not_a_number, 1}), Contains("a range from nan to 1 has no codes"));
    CHECK_THROWS_AS(affine_quantizer({not_a_number, 1}), DataError);
    CHECK_THROWS_AS(affine_quantizer({0, not_a_number}), DataError);
    CHECK_THROWS_AS(affine_quantizer({0, infinity}), DataError);
    CHECK_THROWS_AS(affine_quantizer({1, 0}), DataError);
    CHECK_THROWS_AS(affine_quantizer({-largest, largest}), DataError);
}
