#include "common/learning/quantization/affine_quantizer.hpp"

#include <cstddef>

#include "common/error/error.hpp"
#include "common/text/number_text.hpp"
#include "common/vector/loop_for_this_cpu.hpp"

namespace fedgram::learning {

namespace {

constexpr auto codes_of = [] [[gnu::always_inline]] (const float* __restrict values, Quantizer quantizer,
                                                     std::uint8_t* __restrict codes, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) codes[i] = code_of(values[i], quantizer);
};

std::vector<std::uint8_t> codes_of_finite(std::span<const float> values, const Quantizer& quantizer)
{
    std::vector<std::uint8_t> codes(values.size());
    for_this_cpu<codes_of>(values.data(), quantizer, codes.data(), values.size());
    return codes;
}

}  // namespace

Quantizer affine_quantizer(ValueRange range)
{
    const float min = std::min(range.min, 0.0F);
    const float max = std::max(range.max, 0.0F);
    // Of a NaN no comparison is true.
    if (!(range.min <= range.max && std::isfinite(max - min)))
        throw DataError{"a range from " + text::shortest(static_cast<double>(range.min)) + " to " +
                        text::shortest(static_cast<double>(range.max)) +
                        " has no codes; its ends must be finite, in order and less than 3.4e38 apart"};
    Quantizer quantizer;
    quantizer.scale = std::max((max - min) / most_code, least_scale);
    quantizer.zero_point =
        static_cast<std::int32_t>(std::clamp(std::nearbyint(-min / quantizer.scale), 0.0F, most_code));
    return quantizer;
}

std::vector<std::uint8_t> quantize(std::span<const float> values, const Quantizer& quantizer, std::string_view name)
{
    if (!values.empty()) (void)range_of(values, name);
    return codes_of_finite(values, quantizer);
}

std::vector<float> dequantize(std::span<const std::uint8_t> codes, const Quantizer& quantizer)
{
    std::vector<float> values(codes.size());
    for (std::size_t i = 0; i < codes.size(); ++i) values[i] = value_of(codes[i], quantizer);
    return values;
}

DynamicCodes quantize_dynamically(std::span<const float> values, std::string_view name)
{
    const auto quantizer = affine_quantizer(range_of(values, name));
    return {quantizer, codes_of_finite(values, quantizer)};
}

}  // namespace fedgram::learning
