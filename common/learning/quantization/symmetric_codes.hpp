#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/quantization/affine_quantizer.hpp"

namespace fedgram::learning {

// Weights as codes -127 to 127, zero point 0. A tensor has one scale, or one for each of its equal parts: a weight
// slot's are its output channels. Values are finite.

inline constexpr std::int32_t most_weight_code = 127;  ///< of 8 bits; of 4 it is 7

/// Of a tensor whose largest magnitude is `largest`, which has the code `most`: largest / most. Of zeros it is 1.
[[nodiscard]] inline float symmetric_scale(float largest, std::int32_t most = most_weight_code)
{
    return largest == 0 ? 1 : std::max(largest / static_cast<float>(most), least_scale);
}

/// value / scale, rounded half to even, and cut to -most and most.
[[nodiscard, gnu::always_inline]] inline std::int8_t symmetric_code(float value, float scale,
                                                                    std::int32_t most = most_weight_code)
{
    const auto bound = static_cast<float>(most);
    return static_cast<std::int8_t>(
        static_cast<std::int32_t>(std::clamp(std::nearbyint(value / scale), -bound, bound)));
}

/// A scale for each of so many equal parts.
[[nodiscard]] std::vector<float> symmetric_scales(std::span<const float> values, std::size_t parts);

/// The codes by as many equal parts as there are scales.
[[nodiscard]] std::vector<std::int8_t> symmetric_codes(std::span<const float> values, std::span<const float> scales);

/// What the codes stand for.
[[nodiscard]] std::vector<float> symmetric_values(std::span<const std::int8_t> codes, std::span<const float> scales);

}  // namespace fedgram::learning
