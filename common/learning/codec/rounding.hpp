#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <span>

#include "common/random/stream.hpp"

namespace fedgram::learning {

/// Stochastic rounding: `steps` >= 0 rounded down, or up where `uniform`, in [0, 1), is below its fraction. So it is
/// `steps` on average, but for what `most` cuts off: the rounding errors of a division by a scale.
template <std::floating_point Real>
[[nodiscard, gnu::always_inline]] constexpr std::int32_t rounded(Real steps, Real uniform, std::int32_t most)
{
    const auto whole = static_cast<std::int32_t>(steps);
    const std::int32_t up = uniform < steps - static_cast<Real>(whole) ? 1 : 0;
    return std::min(whole + up, most);
}

/// 24 random bits as a number in [0, 1).
[[nodiscard, gnu::always_inline]] constexpr float uniform_float(std::uint32_t bits)
{
    return static_cast<float>(static_cast<std::int32_t>(bits >> 8)) * 0x1p-24f;
}

/// 32 random bits as a number in [0, 1).
[[nodiscard, gnu::always_inline]] constexpr double uniform_double(std::uint32_t bits)
{
    return static_cast<double>(bits) * 0x1p-32;
}

/// Fills `words` from 64 bits of the stream: word i is a hash of the lower 32 plus i, keyed by the upper 32. It takes a
/// tenth of the time of a generator that goes from one word to the next, and rounding asks for no more than words that
/// have nothing to do with the values.
void draw(Stream& random, std::span<std::uint32_t> words);

}  // namespace fedgram::learning
