#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "common/learning/quantization/quantized_model.hpp"
#include "common/learning/quantization/value_range.hpp"

namespace fedgram::learning {

// Activations as codes 0 to 255. README.md says whose conventions these are.

inline constexpr float most_code = 255;

/// No scale is smaller: PyTorch's, which is the step of float32 at 1. So the reciprocal of a scale, and a product of
/// two, are normal numbers.
inline constexpr float least_scale = 0x1p-23F;

/// Of the range, widened to hold 0: scale = (max - min) / 255, zero point = -min / scale, rounded half to even. So 0
/// has a code, which padding needs. Throws DataError for a range that isn't finite, is the wrong way round or is wider
/// than float32 holds.
[[nodiscard]] Quantizer affine_quantizer(ValueRange range);

/// value / scale, rounded half to even, plus the zero point: not yet cut to the codes. It is a whole number.
[[nodiscard, gnu::always_inline]] inline float place_of(float value, const Quantizer& quantizer)
{
    return std::nearbyint(value / quantizer.scale) + static_cast<float>(quantizer.zero_point);
}

/// The code of a value, which mustn't be NaN; beyond the range it is 0 or 255.
[[nodiscard, gnu::always_inline]] inline std::uint8_t code_of(float value, const Quantizer& quantizer)
{
    return static_cast<std::uint8_t>(
        static_cast<std::int32_t>(std::clamp(place_of(value, quantizer), 0.0F, most_code)));
}

[[nodiscard, gnu::always_inline]] inline float value_of(std::uint8_t code, const Quantizer& quantizer)
{
    return quantizer.scale * static_cast<float>(code - quantizer.zero_point);
}

/// The codes of finite values. Throws DataError for another one, as `NAME[3]`.
[[nodiscard]] std::vector<std::uint8_t> quantize(std::span<const float> values, const Quantizer& quantizer,
                                                 std::string_view name);

[[nodiscard]] std::vector<float> dequantize(std::span<const std::uint8_t> codes, const Quantizer& quantizer);

/// Activations with a quantizer of their own.
struct DynamicCodes {
    Quantizer quantizer{};
    std::vector<std::uint8_t> codes;
};

/// Dynamic quantization: the quantizer is that of these very values, as in ONNX's DynamicQuantizeLinear, so nothing is
/// observed beforehand. Values and errors as for `quantize`; they mustn't be empty.
[[nodiscard]] DynamicCodes quantize_dynamically(std::span<const float> values, std::string_view name);

}  // namespace fedgram::learning
