#include "common/learning/codec/block_code.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

const std::vector<float> worked{.5f, -1, .0039f, .25f};
// Up where it is below the fraction: halves go up, as they do in the worked values.
const float nearest = std::nextafter(.5f, 0.0f);

std::vector<std::int32_t> nearest_codes(std::int32_t most)
{
    std::vector<std::int32_t> codes;
    for (const float value : worked) codes.push_back(block_code(value, static_cast<float>(most), nearest, most));
    return codes;
}

std::vector<std::byte> encoded(const BlockCode& code, const std::vector<float>& values, std::uint64_t seed = 1)
{
    Stream random{seed, Purpose::quantizer};
    std::vector<std::byte> bytes;
    code.append(values, random, bytes);
    return bytes;
}

std::vector<float> decoded(const BlockCode& code, const std::vector<std::byte>& bytes, std::size_t count)
{
    std::vector<float> values(count);
    code.read(bytes, values);
    return values;
}

float scale_at(const std::vector<std::byte>& bytes, std::size_t block)
{
    float scale = 0;
    std::memcpy(&scale, &bytes[4 * block], sizeof scale);
    return scale;
}

}  // namespace

TEST_CASE("the worked values have their codes to the nearest in int8 and int4", "[codec]")
{
    CHECK(nearest_codes(127) == std::vector{64, -127, 0, 32});
    CHECK(nearest_codes(7) == std::vector{4, -7, 0, 2});
    CHECK(static_cast<float>(4) * block_scale(1, 7) == Approx(.5714).margin(5e-5));
    CHECK(static_cast<float>(2) * block_scale(1, 7) == Approx(.2857).margin(5e-5));
}

TEST_CASE("a rounding goes up where its uniform is below the fraction, and never beyond the limit", "[codec]")
{
    CHECK(rounded(2.25f, .2499f, 7) == 3);
    CHECK(rounded(2.25f, .25f, 7) == 2);
    CHECK(rounded(2.0f, 0.0f, 7) == 2);
    CHECK(rounded(7.0001f, 0.0f, 7) == 7);
    CHECK(uniform_float(0xffffffff) < 1);
    CHECK(uniform_double(0xffffffff) < 1);
    CHECK(uniform_float(0x80000000) == .5f);
}

TEST_CASE("int8 is a scale for each block, and then a byte for each value", "[codec]")
{
    const BlockCode code{BlockCode::Width::int8, 2};
    // By hand: the largest is always 127 of its scale, and a block of zeros has none.
    const std::vector<float> values{-254, 254, 0, 0, 1270};
    const auto bytes = encoded(code, values);
    REQUIRE(bytes.size() == 3 * 4 + 5);
    CHECK(scale_at(bytes, 0) == 2);
    CHECK(scale_at(bytes, 1) == 0);
    CHECK(scale_at(bytes, 2) == 10);
    CHECK(std::vector(bytes.begin() + 12, bytes.end()) ==
          std::vector{std::byte{0x81}, std::byte{0x7f}, std::byte{0}, std::byte{0}, std::byte{0x7f}});
    CHECK(decoded(code, bytes, 5) == values);
}

TEST_CASE("int4 has two values in a byte, the first one below, across blocks", "[codec]")
{
    const BlockCode code{BlockCode::Width::int4, 3};
    const std::vector<float> values{7, -7, 3, -14, 14};
    const auto bytes = encoded(code, values);
    REQUIRE(bytes.size() == 2 * 4 + 3);
    CHECK(scale_at(bytes, 1) == 2);
    CHECK(std::vector(bytes.begin() + 8, bytes.end()) ==
          std::vector{std::byte{0x97}, std::byte{0x93}, std::byte{0x07}});
    CHECK(decoded(code, bytes, 5) == values);
}

TEST_CASE("whole numbers in blocks are right on average", "[codec]")
{
    const auto width = GENERATE(BlockCode::Width::int8, BlockCode::Width::int4);
    const BlockCode code{width, 5};
    const std::vector<float> values{.5f, -1, .0039f, .25f, -.3f, .01f, .009f, -.002f};
    std::vector<double> sums(values.size());
    constexpr int draws = 20000;
    for (int seed = 0; seed < draws; ++seed) {
        const auto each = decoded(code, encoded(code, values, static_cast<std::uint64_t>(seed)), values.size());
        for (std::size_t i = 0; i < values.size(); ++i) sums[i] += static_cast<double>(each[i]);
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double step = (i < 5 ? 1.0 : .01) / static_cast<int>(width);
        // A rounding's standard deviation is half a step at most; five of those of the mean.
        CHECK(sums[i] / draws == Approx(static_cast<double>(values[i])).margin(5 * step / 2 / std::sqrt(draws)));
    }
}

TEST_CASE("values too small for a normal scale are zeros", "[codec]")
{
    CHECK(block_scale(1e-37f, 127) == 0);
    const BlockCode code{BlockCode::Width::int8, 256};
    CHECK(decoded(code, encoded(code, {1e-37f, -1e-44f}), 2) == std::vector<float>{0, 0});
}

TEST_CASE("a scale or a code that can't be is refused", "[codec]")
{
    const BlockCode eight{BlockCode::Width::int8, 2};
    auto bytes = encoded(eight, {1, 2, 3});
    const auto with_scale = [&](float scale) {
        auto damaged = bytes;
        std::memcpy(&damaged[4], &scale, sizeof scale);
        return damaged;
    };
    for (const float scale : {-1.0f, std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()})
        CHECK_THROWS_AS(decoded(eight, with_scale(scale), 3), DataError);
    bytes[8] = std::byte{0x80};
    CHECK_THROWS_WITH(decoded(eight, bytes, 3), "has the code -128, which is not offered; they are from -127 to 127");
    const BlockCode four{BlockCode::Width::int4, 2};
    auto halves = encoded(four, {1, 2, 3});
    halves[9] = std::byte{0x17};
    CHECK_THROWS_WITH(decoded(four, halves, 3), "has a code behind its last value");
    halves[9] = std::byte{0x08};
    CHECK_THROWS_WITH(decoded(four, halves, 3), "has the code -8, which is not offered; they are from -7 to 7");
    CHECK_THROWS_WITH(decoded(four, halves, 5), "has 10 bytes of values; they must be 15");
}
