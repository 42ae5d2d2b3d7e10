#include "common/learning/codec/block_code.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <string>

#include "common/error/error.hpp"
#include "common/learning/updates/largest_magnitude.hpp"
#include "common/vector/loop_for_this_cpu.hpp"

namespace fedgram::learning {

namespace {

// Random words are drawn for so many values at a time, and stay in the first cache.
constexpr std::size_t chunk = 1024;

constexpr auto codes_of = [] [[gnu::always_inline]] (const float* __restrict values,
                                                     const std::uint32_t* __restrict random, float codes_per_unit,
                                                     std::int32_t most, unsigned char* __restrict codes,
                                                     std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        codes[i] = static_cast<unsigned char>(block_code(values[i], codes_per_unit, uniform_float(random[i]), most));
};

/// Gives the lowest code.
constexpr auto values_of = [] [[gnu::always_inline]] (const unsigned char* __restrict codes, float scale,
                                                      float* __restrict values, std::size_t count) {
    std::int32_t lowest = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::int32_t code = (codes[i] ^ 0x80) - 0x80;  // two's complement
        lowest = std::min(lowest, code);
        values[i] = static_cast<float>(code) * scale;
    }
    return lowest;
};

/// Two codes to a byte, the first one in its lower half.
constexpr auto packed = [] [[gnu::always_inline]] (const unsigned char* __restrict codes,
                                                   unsigned char* __restrict bytes, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        bytes[i] = static_cast<unsigned char>((codes[2 * i] & 0xf) | codes[2 * i + 1] << 4);
};

constexpr auto unpacked = [] [[gnu::always_inline]] (const unsigned char* __restrict bytes,
                                                     unsigned char* __restrict codes, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        // A half's highest bit is its sign.
        codes[2 * i] = static_cast<unsigned char>(((bytes[i] & 0xf) ^ 8) - 8);
        codes[2 * i + 1] = static_cast<unsigned char>(((bytes[i] >> 4) ^ 8) - 8);
    }
};

void write_codes(std::span<const float> values, float codes_per_unit, std::int32_t most, Stream& random,
                 unsigned char* codes)
{
    std::array<std::uint32_t, chunk> words;
    for (std::size_t first = 0; first < values.size(); first += chunk) {
        const auto part = values.subspan(first, std::min(chunk, values.size() - first));
        draw(random, std::span{words}.first(part.size()));
        for_this_cpu<codes_of>(part.data(), words.data(), codes_per_unit, most, codes + first, part.size());
    }
}

std::uint64_t blocks_of(std::uint64_t count, std::uint32_t block) { return (count + block - 1) / block; }

// Bytes of even numbers of codes: the last half of an odd number's is 0.
std::uint64_t packed_bytes(std::uint64_t count) { return (count + 1) / 2; }

float scale_at(std::span<const std::byte> bytes, std::uint64_t block)
{
    float scale = 0;
    std::memcpy(&scale, bytes.data() + block * sizeof scale, sizeof scale);
    if (!(scale >= 0 && scale <= std::numeric_limits<float>::max()))
        throw DataError{"has the scale " + std::to_string(scale) + " for block " + std::to_string(block) +
                        ", counted from 0; it must be finite and not negative"};
    return scale;
}

}  // namespace

float block_scale(float largest, std::int32_t most)
{
    const float scale = largest / static_cast<float>(most);
    return scale < std::numeric_limits<float>::min() ? 0 : scale;
}

std::uint64_t BlockCode::largest_bytes(std::uint64_t count) const
{
    return sizeof(float) * blocks_of(count, block_) + (width_ == Width::int4 ? packed_bytes(count) : count);
}

void BlockCode::append(std::span<const float> values, Stream& random, std::vector<std::byte>& message) const
{
    const auto most = static_cast<std::int32_t>(width_);
    const auto bytes = grow(message, largest_bytes(values.size()));
    const auto code_bytes = bytes.subspan(sizeof(float) * blocks_of(values.size(), block_));
    std::vector<unsigned char> halves(width_ == Width::int4 ? 2 * code_bytes.size() : 0);
    auto* const in_message = reinterpret_cast<unsigned char*>(code_bytes.data());
    auto* const codes = width_ == Width::int4 ? halves.data() : in_message;
    for (std::size_t first = 0, block = 0; first < values.size(); first += block_, ++block) {
        const auto part = values.subspan(first, std::min<std::size_t>(block_, values.size() - first));
        const float largest = largest_magnitude(part);
        const float scale = block_scale(largest, most);
        std::memcpy(bytes.data() + block * sizeof scale, &scale, sizeof scale);
        // Without a scale the codes stay 0.
        if (scale > 0) write_codes(part, static_cast<float>(most) / largest, most, random, codes + first);
    }
    if (width_ == Width::int4) for_this_cpu<packed>(codes, in_message, code_bytes.size());
}

void BlockCode::read(std::span<const std::byte> bytes, std::span<float> values) const
{
    require_bytes(bytes, largest_bytes(values.size()));
    const auto code_bytes = bytes.subspan(sizeof(float) * blocks_of(values.size(), block_));
    std::vector<unsigned char> halves(width_ == Width::int4 ? 2 * code_bytes.size() : 0);
    const auto* const in_message = reinterpret_cast<const unsigned char*>(code_bytes.data());
    const auto* const codes = width_ == Width::int4 ? halves.data() : in_message;
    if (width_ == Width::int4) for_this_cpu<unpacked>(in_message, halves.data(), code_bytes.size());
    if (halves.size() > values.size() && halves.back() != 0) throw DataError{"has a code behind its last value"};
    std::int32_t lowest = 0;
    for (std::size_t first = 0, block = 0; first < values.size(); first += block_, ++block) {
        const auto count = std::min<std::size_t>(block_, values.size() - first);
        const float scale = scale_at(bytes, block);
        lowest = std::min(lowest, for_this_cpu<values_of>(codes + first, scale, &values[first], count));
    }
    if (const auto most = static_cast<std::int32_t>(width_); lowest < -most)
        throw DataError{"has the code " + std::to_string(lowest) + ", which is not offered; they are from " +
                        std::to_string(-most) + " to " + std::to_string(most)};
}

}  // namespace fedgram::learning
