#include "common/learning/quantization/encoded_tensor.hpp"

#include <cmath>
#include <cstring>
#include <limits>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/unit/learning/quantization/layered_model.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using Catch::Matchers::Contains;

namespace {

std::vector<std::byte> bytes(std::initializer_list<int> values)
{
    std::vector<std::byte> result;
    for (const int value : values) result.push_back(static_cast<std::byte>(value));
    return result;
}

std::vector<float> decoded(const EncodedTensor& tensor, std::size_t channels, std::size_t count)
{
    std::vector<float> values(count);
    decode_tensor(tensor, channels, values);
    return values;
}

constexpr FloatEncoding all[]{FloatEncoding::fp16, FloatEncoding::bf16, FloatEncoding::int8,
                              FloatEncoding::int8_per_channel};

}  // namespace

TEST_CASE("A tensor's bytes are its scales and codes, or floats of 16 bits", "[quantization]")
{
    const std::vector<float> values{127, -2, 254, 4};
    const auto whole = encode_tensor("fc1.weight", values, 2, FloatEncoding::int8);
    CHECK(whole == EncodedTensor{"fc1.weight", "int8", bytes({0, 0, 0, 0x40, 64, 0xff, 127, 2})});  // 63.5 to 64
    CHECK(decoded(whole, 2, 4) == std::vector<float>{128, -2, 254, 4});
    const auto by_channel = encode_tensor("fc1.weight", values, 2, FloatEncoding::int8_per_channel);
    CHECK(by_channel ==
          EncodedTensor{"fc1.weight", "int8-per-channel", bytes({0, 0, 0x80, 0x3f, 0, 0, 0, 0x40, 127, 0xfe, 127, 2})});
    CHECK(decoded(by_channel, 2, 4) == values);
    CHECK(encode_tensor("x", values, 2, FloatEncoding::fp16).bytes ==
          bytes({0xf0, 0x57, 0, 0xc0, 0xf0, 0x5b, 0, 0x44}));
    CHECK(encode_tensor("x", values, 2, FloatEncoding::bf16).bytes ==
          bytes({0xfe, 0x42, 0, 0xc0, 0x7e, 0x43, 0x80, 0x40}));
}

TEST_CASE("What comes back is as near as each encoding promises", "[quantization]")
{
    const auto values = uniform_values(600, -1, 1, 11);
    const auto error = [&](FloatEncoding encoding) {
        const auto back = decoded(encode_tensor("x", values, 6, encoding), 6, values.size());
        float largest = 0;
        for (std::size_t i = 0; i < values.size(); ++i) largest = std::max(largest, std::abs(back[i] - values[i]));
        return largest;
    };
    // Half a step below 1: 2^-11 x 1/2, 2^-8 x 1/2, 1/127 x 1/2.
    CHECK(error(FloatEncoding::fp16) <= 0x1p-12F);
    CHECK(error(FloatEncoding::bf16) <= 0x1p-9F);
    CHECK(error(FloatEncoding::int8) <= .5F / 127);
    CHECK(error(FloatEncoding::int8_per_channel) <= .5F / 127);
    CHECK(error(FloatEncoding::int8) > .4F / 127);
}

TEST_CASE("A tensor that isn't what was written is refused by its name", "[quantization]")
{
    const std::vector<float> values{1, -2, 3, .5F, 0, 0};
    for (const auto encoding : all) {
        const auto good = encode_tensor("fc1.weight", values, 3, encoding);
        for (std::size_t size = 0; size < good.bytes.size(); ++size) {
            auto shorter = good;
            shorter.bytes.resize(size);
            REQUIRE_THROWS_AS(decoded(shorter, 3, 6), DataError);
        }
        auto longer = good;
        longer.bytes.push_back({});
        CHECK_THROWS_AS(decoded(longer, 3, 6), DataError);
        CHECK_THROWS_WITH(decoded(longer, 3, 6), Contains("fc1.weight: has ") && Contains("bytes of " + good.encoding));
    }
    auto unknown = encode_tensor("fc1.weight", values, 3, FloatEncoding::int8);
    unknown.encoding = "int4";
    CHECK_THROWS_WITH(decoded(unknown, 3, 6), Contains("the encoding \"int4\" isn't known"));

    auto code = encode_tensor("fc1.weight", values, 3, FloatEncoding::int8_per_channel);
    code.bytes.back() = std::byte{0x80};
    CHECK_THROWS_WITH(decoded(code, 3, 6), Contains("has the code -128"));

    for (const float scale :
         {0.0F, -1.0F, 1e-30F, std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
        auto damaged = encode_tensor("fc1.weight", values, 3, FloatEncoding::int8_per_channel);
        std::memcpy(damaged.bytes.data() + sizeof scale, &scale, sizeof scale);
        CHECK_THROWS_AS(decoded(damaged, 3, 6), DataError);
    }

    auto half = encode_tensor("fc1.weight", values, 3, FloatEncoding::fp16);
    half.bytes[3] = std::byte{0x7c};
    half.bytes[2] = std::byte{0};
    CHECK_THROWS_WITH(decoded(half, 3, 6), Contains("fc1.weight: value 1 is not finite"));
    auto brain = encode_tensor("fc1.weight", values, 3, FloatEncoding::bf16);
    brain.bytes[3] = std::byte{0x7f};
    brain.bytes[2] = std::byte{0xc0};
    CHECK_THROWS_AS(decoded(brain, 3, 6), DataError);
}

TEST_CASE("A value that isn't finite isn't stored", "[quantization]")
{
    const std::vector<float> values{1, std::numeric_limits<float>::quiet_NaN()};
    for (const auto encoding : all) {
        CHECK_THROWS_AS(encode_tensor("fc1.bias", values, 2, encoding), DataError);
        CHECK_THROWS_WITH(encode_tensor("fc1.bias", values, 2, encoding), Contains("fc1.bias[1] is nan"));
    }
}
