#pragma once

#include <bit>
#include <cstdint>

namespace fedgram::learning {

// Floats of 16 bits from those of 32, and back, by integer arithmetic and IEEE addition: the same bits on every CPU.
// They are rounded to the nearest, ties to even. What is finite and beyond the range becomes its largest value.

/// IEEE binary16: 5 bits of exponent, 10 of fraction.
[[nodiscard, gnu::always_inline]] inline std::uint16_t to_fp16(float value)
{
    constexpr std::uint32_t beyond = 0x477ff000;           // 65520, from which on the nearest is infinity
    constexpr std::uint32_t smallest_normal = 0x38800000;  // 2^-14
    constexpr std::uint32_t largest = 0x7bff;
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t magnitude = bits & 0x7fffffff;
    // 2^-1's last bit is 2^-24, the smallest binary16: the addition rounds to it.
    const auto subnormal = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + 0.5f) - 0x3f000000;
    const std::uint32_t last_kept_bit = (magnitude >> 13) & 1;
    const std::uint32_t normal = (magnitude - (std::uint32_t{127 - 15} << 23) + 0xfff + last_kept_bit) >> 13;
    const std::uint32_t nearest = magnitude < smallest_normal ? subnormal : normal;
    return static_cast<std::uint16_t>((bits >> 16 & 0x8000) | (magnitude >= beyond ? largest : nearest));
}

[[nodiscard, gnu::always_inline]] inline float from_fp16(std::uint16_t half)
{
    const std::uint32_t magnitude = half & 0x7fffU;
    const std::uint32_t sign = (half & 0x8000U) << 16;
    const auto subnormal =
        std::bit_cast<std::uint32_t>(static_cast<float>(static_cast<std::int32_t>(magnitude)) * 0x1p-24f);
    const std::uint32_t normal = (magnitude << 13) + (std::uint32_t{127 - 15} << 23);
    const std::uint32_t not_finite = (magnitude << 13) | 0x7f800000;
    const std::uint32_t finite = magnitude < 0x400 ? subnormal : normal;
    return std::bit_cast<float>(sign | (magnitude >= 0x7c00 ? not_finite : finite));
}

/// The upper half of a binary32.
[[nodiscard, gnu::always_inline]] inline std::uint16_t to_bf16(float value)
{
    constexpr std::uint32_t beyond = 0x7f7f8000;  // from which on the nearest is infinity
    constexpr std::uint32_t largest = 0x7f7f;
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t magnitude = bits & 0x7fffffff;
    const std::uint32_t nearest = (magnitude + 0x7fff + (magnitude >> 16 & 1)) >> 16;
    return static_cast<std::uint16_t>((bits >> 16 & 0x8000) | (magnitude >= beyond ? largest : nearest));
}

[[nodiscard, gnu::always_inline]] inline float from_bf16(std::uint16_t half)
{
    return std::bit_cast<float>(std::uint32_t{half} << 16);
}

}  // namespace fedgram::learning
