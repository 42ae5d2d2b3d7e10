#include "common/learning/codec/qsgd_code.hpp"

#include <bit>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>

#include "common/error/error.hpp"
#include "common/learning/codec/bit_stream.hpp"
#include "common/learning/codec/rounding.hpp"
#include "common/learning/updates/norms.hpp"
#include "common/vector/loop_for_this_cpu.hpp"

namespace fedgram::learning {

namespace {

/// The first byte.
enum class Form : std::uint8_t { fixed = 0, elias = 1 };

constexpr std::size_t head_bytes = 1 + sizeof(float);  // the form and the norm

constexpr auto round_all = [] [[gnu::always_inline]] (
                               const float* __restrict values, const std::uint32_t* __restrict random, float norm,
                               std::uint32_t levels, std::int32_t* __restrict result, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const std::int32_t level =
            rounded(qsgd_steps(values[i], norm, levels), uniform_double(random[i]), static_cast<std::int32_t>(levels));
        result[i] = values[i] < 0 ? -level : level;
    }
};

std::vector<std::int32_t> levels_of(std::span<const float> values, float norm, std::uint32_t levels, Stream& random)
{
    std::vector<std::int32_t> result(values.size());
    if (norm == 0) return result;
    std::vector<std::uint32_t> words(values.size());
    draw(random, words);
    for_this_cpu<round_all>(values.data(), words.data(), norm, levels, result.data(), values.size());
    return result;
}

// A level with its sign, as a number from 0 to twice the levels.
unsigned fixed_bits(std::uint32_t levels) { return static_cast<unsigned>(std::bit_width(2 * levels)); }

std::uint64_t whole_bytes(std::uint64_t bits) { return (bits + 7) / 8; }

// Elias's gamma code is of the magnitude and 1, since it has no 0: as many zeros as there are digits behind the first
// binary one, that one, and those. A sign follows where there is one.
unsigned digits_behind_the_first(std::uint32_t magnitude)
{
    return static_cast<unsigned>(std::bit_width(magnitude + 1)) - 1;
}

unsigned elias_bits(std::int32_t level)
{
    return 2 * digits_behind_the_first(static_cast<std::uint32_t>(std::abs(level))) + (level == 0 ? 1 : 2);
}

std::uint64_t elias_bits(std::span<const std::int32_t> levels)
{
    std::uint64_t bits = 0;
    for (const auto level : levels) bits += elias_bits(level);
    return bits;
}

void write_elias(BitWriter& writer, std::int32_t level)
{
    const auto magnitude = static_cast<std::uint32_t>(std::abs(level));
    const auto digits = digits_behind_the_first(magnitude);
    const auto first = std::uint32_t{1} << digits;
    const auto sign = std::uint32_t{level < 0 ? 1U : 0U};
    // 32 bits at most: 15 zeros, and 16 digits of 32768.
    writer.write(first | (magnitude + 1 - first) << (digits + 1) | sign << (2 * digits + 1), elias_bits(level));
}

std::int32_t read_elias(BitReader& reader, unsigned most_digits)
{
    const auto digits = reader.read_unary(most_digits);
    const auto magnitude = static_cast<std::int32_t>((std::uint32_t{1} << digits) + reader.read(digits)) - 1;
    return magnitude != 0 && reader.read(1) == 1 ? -magnitude : magnitude;
}

}  // namespace

std::uint64_t QsgdCode::largest_bytes(std::uint64_t count) const
{
    return head_bytes + whole_bytes(count * fixed_bits(levels_));
}

void QsgdCode::append(std::span<const float> values, Stream& random, std::vector<std::byte>& message) const
{
    const auto norm = static_cast<float>(l2_norm(values));
    const auto levels = levels_of(values, norm, levels_, random);
    const auto bits = fixed_bits(levels_);
    const auto form = whole_bytes(elias_bits(levels)) < whole_bytes(levels.size() * bits) ? Form::elias : Form::fixed;
    const auto head = grow(message, head_bytes);
    head.front() = static_cast<std::byte>(form);
    std::memcpy(&head[1], &norm, sizeof norm);
    BitWriter writer{message};
    for (const auto level : levels)
        if (form == Form::elias)
            write_elias(writer, level);
        else
            writer.write(static_cast<std::uint32_t>(level + static_cast<std::int32_t>(levels_)), bits);
    writer.finish();
}

void QsgdCode::read(std::span<const std::byte> bytes, std::span<float> values) const
{
    if (bytes.size() < head_bytes)
        throw DataError{"has " + std::to_string(bytes.size()) + " bytes of values; they are at least " +
                        std::to_string(head_bytes)};
    const auto form = std::to_integer<unsigned>(bytes.front());
    if (form > static_cast<unsigned>(Form::elias))
        throw DataError{"has levels of form " + std::to_string(form) + ", which is not offered; it is 0 or 1"};
    float norm = 0;
    std::memcpy(&norm, &bytes[1], sizeof norm);
    if (!(norm >= 0 && norm <= std::numeric_limits<float>::max()))
        throw DataError{"has the norm " + std::to_string(norm) + "; it must be finite and not negative"};
    BitReader reader{bytes.subspan(head_bytes)};
    const auto most = static_cast<std::int32_t>(levels_);
    const auto bits = fixed_bits(levels_);
    const auto most_digits = digits_behind_the_first(levels_);
    for (auto& value : values) {
        const auto level = form == static_cast<unsigned>(Form::elias)
                               ? read_elias(reader, most_digits)
                               : static_cast<std::int32_t>(reader.read(bits)) - most;
        if (std::abs(level) > most)
            throw DataError{"has level " + std::to_string(level) + ", which is not offered; they are from " +
                            std::to_string(-most) + " to " + std::to_string(most)};
        value = qsgd_value(level, norm, levels_);
    }
    require_bytes(bytes, head_bytes + reader.finish());
}

}  // namespace fedgram::learning
