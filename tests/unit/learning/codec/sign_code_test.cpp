#include "common/learning/codec/sign_code.hpp"

#include <cstring>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

std::vector<std::byte> encoded(const std::vector<float>& values)
{
    Stream random{1, Purpose::quantizer};
    std::vector<std::byte> bytes;
    SignCode{}.append(values, random, bytes);
    return bytes;
}

std::vector<float> decoded(const std::vector<std::byte>& bytes, std::size_t count)
{
    std::vector<float> values(count);
    SignCode{}.read(bytes, values);
    return values;
}

}  // namespace

TEST_CASE("signs get the mean magnitude", "[codec]")
{
    const auto bytes = encoded({.5f, -.25f, 0, 1});
    REQUIRE(bytes.size() == 5);
    CHECK(bytes[4] == std::byte{0b0010});
    CHECK(decoded(bytes, 4) == std::vector{.4375f, -.4375f, .4375f, .4375f});
}

TEST_CASE("each value has its own sign, for every number of them", "[codec]")
{
    for (std::size_t count = 1; count < 40; ++count) {
        std::vector<float> values(count, 2);
        values[count / 2] = -2;
        const auto bytes = encoded(values);
        REQUIRE(bytes.size() == 4 + (count + 7) / 8);
        REQUIRE(decoded(bytes, count) == values);
    }
}

TEST_CASE("a scale that can't be, or a sign of no value, is refused", "[codec]")
{
    auto bytes = encoded({1, -1, 1});
    for (const float scale : {-1.0f, std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
        std::memcpy(bytes.data(), &scale, sizeof scale);
        CHECK_THROWS_AS(decoded(bytes, 3), DataError);
    }
    bytes = encoded({1, -1, 1});
    bytes[4] = std::byte{0b1010};
    CHECK_THROWS_WITH(decoded(bytes, 3), "has a sign behind its last value");
    CHECK_THROWS_WITH(decoded(bytes, 9), "has 5 bytes of values; they must be 6");
}
