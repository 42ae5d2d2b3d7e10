#include "common/learning/codec/float_code.hpp"

#include <cstring>

#include "common/learning/codec/half_floats.hpp"
#include "common/vector/loop_for_this_cpu.hpp"

namespace fedgram::learning {

namespace {

template <std::uint16_t (*convert)(float)>
constexpr auto all_to_halves = [] [[gnu::always_inline]] (const float* values, std::byte* bytes, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const auto half = convert(values[i]);
        std::memcpy(bytes + 2 * i, &half, sizeof half);
    }
};

template <float (*convert)(std::uint16_t)>
constexpr auto all_from_halves = [] [[gnu::always_inline]] (const std::byte* bytes, float* values, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        std::uint16_t half = 0;
        std::memcpy(&half, bytes + 2 * i, sizeof half);
        values[i] = convert(half);
    }
};

template <std::uint16_t (*convert)(float)>
void append_halves(std::span<const float> values, std::vector<std::byte>& message)
{
    for_this_cpu<all_to_halves<convert>>(values.data(), grow(message, 2 * values.size()).data(), values.size());
}

template <float (*convert)(std::uint16_t)>
void read_halves(std::span<const std::byte> bytes, std::span<float> values)
{
    require_bytes(bytes, 2 * values.size());
    for_this_cpu<all_from_halves<convert>>(bytes.data(), values.data(), values.size());
}

}  // namespace

void Float32Code::append(std::span<const float> values, Stream&, std::vector<std::byte>& message) const
{
    const auto bytes = std::as_bytes(values);
    message.insert(message.end(), bytes.begin(), bytes.end());
}

void Float32Code::read(std::span<const std::byte> bytes, std::span<float> values) const
{
    require_bytes(bytes, values.size_bytes());
    std::memcpy(values.data(), bytes.data(), bytes.size());
}

void Float16Code::append(std::span<const float> values, Stream&, std::vector<std::byte>& message) const
{
    append_halves<to_fp16>(values, message);
}

void Float16Code::read(std::span<const std::byte> bytes, std::span<float> values) const
{
    read_halves<from_fp16>(bytes, values);
}

void Bfloat16Code::append(std::span<const float> values, Stream&, std::vector<std::byte>& message) const
{
    append_halves<to_bf16>(values, message);
}

void Bfloat16Code::read(std::span<const std::byte> bytes, std::span<float> values) const
{
    read_halves<from_bf16>(bytes, values);
}

}  // namespace fedgram::learning
