#include "common/learning/codec/half_floats.hpp"

#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

using namespace fedgram::learning;

TEST_CASE("floats become binary16 as IEEE 754 has it, and clamp at its largest value", "[codec]")
{
    CHECK(to_fp16(0.0f) == 0);
    CHECK(to_fp16(-0.0f) == 0x8000);
    CHECK(to_fp16(1.0f) == 0x3c00);
    CHECK(to_fp16(-2.0f) == 0xc000);
    CHECK(to_fp16(0.333251953125f) == 0x3555);
    CHECK(to_fp16(65504.0f) == 0x7bff);
    CHECK(to_fp16(65519.996f) == 0x7bff);
    CHECK(to_fp16(65520.0f) == 0x7bff);
    CHECK(to_fp16(-1e30f) == 0xfbff);
    CHECK(to_fp16(0x1p-14f) == 0x0400);  // the smallest normal
    CHECK(to_fp16(0x1p-24f) == 0x0001);  // the smallest of all
    // Ties go to the even fraction: halfway to the next is 2^-11 of 1, and 2^-25 at the bottom.
    CHECK(to_fp16(1 + 0x1p-11f) == 0x3c00);
    CHECK(to_fp16(1 + 0x3p-11f) == 0x3c02);
    CHECK(to_fp16(1 + 0x1.002p-11f) == 0x3c01);
    CHECK(to_fp16(0x1p-25f) == 0);
    CHECK(to_fp16(0x3p-25f) == 2);
    CHECK(to_fp16(0x1.ffep-15f) == 0x0400);  // rounds up into the normal numbers
    CHECK(to_fp16(std::numeric_limits<float>::denorm_min()) == 0);
}

TEST_CASE("every finite binary16 is its own nearest one, and lies between its neighbours' halves", "[codec]")
{
    for (std::uint32_t magnitude = 0; magnitude < 0x7c00; ++magnitude) {
        const auto half = static_cast<std::uint16_t>(magnitude);
        const float value = from_fp16(half);
        // By the definition: fraction and exponent.
        const int exponent = half >> 10;
        const float defined = exponent == 0 ? std::ldexp(static_cast<float>(half), -24)
                                            : std::ldexp(static_cast<float>(1024 + (half & 0x3ff)), exponent - 25);
        REQUIRE(value == defined);
        REQUIRE(to_fp16(value) == half);
        REQUIRE(to_fp16(-value) == (half | 0x8000));
        if (magnitude + 1 == 0x7c00) continue;
        const float middle = (value + from_fp16(static_cast<std::uint16_t>(magnitude + 1))) / 2;
        REQUIRE(to_fp16(std::nextafter(middle, 0.0f)) == half);
        REQUIRE(to_fp16(middle) == half + half % 2);
        REQUIRE(to_fp16(std::nextafter(middle, 1e9f)) == half + 1);
    }
}

TEST_CASE("what is no finite binary16 comes out as not finite", "[codec]")
{
    CHECK(from_fp16(0xfc00) == -std::numeric_limits<float>::infinity());
    CHECK(std::isnan(from_fp16(0x7c01)));
    CHECK(std::isnan(from_bf16(0xffff)));
}

TEST_CASE("floats become bfloat16 by rounding to the nearest, ties to even, and clamp at its largest value", "[codec]")
{
    CHECK(to_bf16(1.0f) == 0x3f80);
    CHECK(to_bf16(-0.5f) == 0xbf00);
    CHECK(to_bf16(1 + 0x1p-8f) == 0x3f80);
    CHECK(to_bf16(1 + 0x3p-8f) == 0x3f82);
    CHECK(to_bf16(1 + 0x1.01p-8f) == 0x3f81);
    CHECK(to_bf16(std::numeric_limits<float>::max()) == 0x7f7f);
    CHECK(to_bf16(-std::numeric_limits<float>::max()) == 0xff7f);
    for (std::uint32_t half = 0; half < 0x7f80; ++half)
        REQUIRE(to_bf16(from_bf16(static_cast<std::uint16_t>(half))) == half);
}
