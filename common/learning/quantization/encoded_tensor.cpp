#include "common/learning/quantization/encoded_tensor.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

#include "common/error/error.hpp"
#include "common/learning/codec/half_floats.hpp"
#include "common/learning/quantization/symmetric_codes.hpp"
#include "common/learning/quantization/tensor_bytes.hpp"
#include "common/learning/quantization/value_range.hpp"

namespace fedgram::learning {

namespace {

constexpr std::array<std::string_view, 4> words{"fp16", "bf16", "int8", "int8-per-channel"};

std::vector<std::byte> halves_of(std::span<const float> values, std::uint16_t (*convert)(float))
{
    std::vector<std::uint16_t> halves(values.size());
    std::transform(values.begin(), values.end(), halves.begin(), convert);
    std::vector<std::byte> bytes;
    append_numbers<std::uint16_t>(bytes, halves);
    return bytes;
}

std::vector<std::byte> codes_of(std::span<const float> values, std::size_t parts)
{
    const auto scales = symmetric_scales(values, parts);
    std::vector<std::byte> bytes;
    append_numbers<float>(bytes, scales);
    append_numbers<std::int8_t>(bytes, symmetric_codes(values, scales));
    return bytes;
}

void read_halves(const EncodedTensor& tensor, float (*convert)(std::uint16_t), std::span<float> values)
{
    const auto halves =
        TensorBytes{tensor, sizeof(std::uint16_t) * values.size()}.numbers<std::uint16_t>(values.size());
    std::transform(halves.begin(), halves.end(), values.begin(), convert);
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!std::isfinite(values[i])) throw DataError{tensor.name + ": value " + std::to_string(i) + " is not finite"};
}

void read_codes(const EncodedTensor& tensor, std::size_t parts, std::span<float> values)
{
    TensorBytes bytes{tensor, parts * sizeof(float) + values.size()};
    const auto scales = bytes.scales(parts);
    const auto read = symmetric_values(bytes.weight_codes(values.size()), scales);
    std::copy(read.begin(), read.end(), values.begin());
}

}  // namespace

std::string_view word_of(FloatEncoding encoding) { return words[static_cast<std::size_t>(encoding)]; }

EncodedTensor encode_tensor(std::string name, std::span<const float> values, std::size_t channels,
                            FloatEncoding encoding)
{
    (void)range_of(values, name);
    EncodedTensor tensor{std::move(name), std::string{word_of(encoding)}, {}};
    switch (encoding) {
        case FloatEncoding::fp16:
            tensor.bytes = halves_of(values, [](float value) { return to_fp16(value); });
            break;
        case FloatEncoding::bf16:
            tensor.bytes = halves_of(values, [](float value) { return to_bf16(value); });
            break;
        case FloatEncoding::int8:
            tensor.bytes = codes_of(values, 1);
            break;
        case FloatEncoding::int8_per_channel:
            tensor.bytes = codes_of(values, channels);
            break;
    }
    return tensor;
}

void decode_tensor(const EncodedTensor& tensor, std::size_t channels, std::span<float> values)
{
    const auto word = std::find(words.begin(), words.end(), tensor.encoding);
    if (word == words.end())
        throw DataError{tensor.name + ": the encoding \"" + tensor.encoding +
                        "\" isn't known; it must be fp16, bf16, int8 or int8-per-channel"};
    switch (static_cast<FloatEncoding>(word - words.begin())) {
        case FloatEncoding::fp16:
            return read_halves(
                tensor, [](std::uint16_t half) { return from_fp16(half); }, values);
        case FloatEncoding::bf16:
            return read_halves(
                tensor, [](std::uint16_t half) { return from_bf16(half); }, values);
        case FloatEncoding::int8:
            return read_codes(tensor, 1, values);
        case FloatEncoding::int8_per_channel:
            return read_codes(tensor, channels, values);
    }
}

}  // namespace fedgram::learning
