#include "common/learning/codec/index_code.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "common/error/error.hpp"
#include "common/learning/codec/bit_stream.hpp"
#include "common/random/portable_math.hpp"

namespace fedgram::learning {

namespace {

/// The first byte.
enum class Form : std::uint8_t { golomb = 0, bitmap = 1 };

std::uint64_t whole_bytes(std::uint64_t bits) { return (bits + 7) / 8; }

/// Calls `f` with how many parameters are passed over before each index.
template <class F>
void for_each_gap(std::span<const std::uint32_t> indices, F&& f)
{
    std::uint32_t next = 0;
    for (const auto index : indices) {
        f(index - next);
        next = index + 1;
    }
}

/// A gap's part above `bits` in unary, 1 for its end, and the rest.
std::uint64_t golomb_size(std::span<const std::uint32_t> indices, unsigned bits)
{
    std::uint64_t size = 0;
    for_each_gap(indices, [&](std::uint32_t gap) { size += (gap >> bits) + 1 + bits; });
    return size;
}

void append_bitmap(std::span<const std::uint32_t> indices, std::uint32_t parameters, std::vector<std::byte>& message)
{
    const auto begin = message.size();
    message.resize(begin + whole_bytes(parameters));
    for (const auto index : indices) message[begin + index / 8] |= std::byte{1} << index % 8;
}

ReadIndices read_golomb(std::span<const std::byte> bytes, std::uint32_t count, std::uint32_t parameters)
{
    ReadIndices result;
    result.indices.reserve(count);
    const auto bits = golomb_bits(count, parameters);
    BitReader reader{bytes};
    std::uint64_t next = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint64_t above = reader.read_unary(parameters >> bits);
        const auto index = next + (above << bits) + reader.read(bits);
        if (index >= parameters)
            throw DataError{"has an index that is out of range: " + std::to_string(index) + " of " +
                            std::to_string(parameters) + " parameters"};
        result.indices.push_back(static_cast<std::uint32_t>(index));
        next = index + 1;
    }
    result.bytes = reader.finish();
    return result;
}

ReadIndices read_bitmap(std::span<const std::byte> bytes, std::uint32_t count, std::uint32_t parameters)
{
    ReadIndices result{.indices = {}, .bytes = whole_bytes(parameters)};
    if (bytes.size() < result.bytes)
        throw DataError{"ends within its bitmap, which is of " + std::to_string(result.bytes) + " bytes"};
    result.indices.reserve(count);
    std::uint64_t set = 0;
    for (std::uint64_t i = 0; i < 8 * result.bytes; ++i) {
        if ((std::to_integer<unsigned>(bytes[i / 8]) >> i % 8 & 1) == 0) continue;
        if (i >= parameters)
            throw DataError{"has an index that is out of range: " + std::to_string(i) + " of " +
                            std::to_string(parameters) + " parameters"};
        if (++set <= count) result.indices.push_back(static_cast<std::uint32_t>(i));
    }
    if (set != count)
        throw DataError{"has " + std::to_string(set) + " parameters in its bitmap; they must be " +
                        std::to_string(count)};
    return result;
}

}  // namespace

unsigned golomb_bits(std::uint32_t count, std::uint32_t parameters)
{
    constexpr double log_of_phi_less_one = -0.48121182505960347;
    const double passed_over = 1 - static_cast<double>(count) / parameters;
    if (passed_over <= 0) return 0;
    return static_cast<unsigned>(std::max(0, 1 + std::ilogb(log_of_phi_less_one / portable::log(passed_over))));
}

std::uint64_t largest_index_bytes(std::uint32_t count, std::uint32_t parameters)
{
    const auto bits = golomb_bits(count, parameters);
    const auto golomb = std::uint64_t{count} * (1 + bits) + ((parameters - count) >> bits);
    return 1 + whole_bytes(std::min<std::uint64_t>(golomb, parameters));
}

void append_indices(std::span<const std::uint32_t> indices, std::uint32_t parameters, std::vector<std::byte>& message)
{
    const auto bits = golomb_bits(static_cast<std::uint32_t>(indices.size()), parameters);
    const bool is_map = whole_bytes(parameters) < whole_bytes(golomb_size(indices, bits));
    message.push_back(static_cast<std::byte>(is_map ? Form::bitmap : Form::golomb));
    if (is_map) return append_bitmap(indices, parameters, message);
    BitWriter writer{message};
    for_each_gap(indices, [&](std::uint32_t gap) {
        writer.write_unary(gap >> bits);
        writer.write(gap & ((std::uint32_t{1} << bits) - 1), bits);
    });
    writer.finish();
}

ReadIndices read_indices(std::span<const std::byte> bytes, std::uint32_t count, std::uint32_t parameters)
{
    if (bytes.empty()) throw DataError{"ends before its indices"};
    const auto form = std::to_integer<unsigned>(bytes.front());
    if (form > static_cast<unsigned>(Form::bitmap))
        throw DataError{"has indices of form " + std::to_string(form) + ", which is not offered; it is 0 or 1"};
    auto result = form == static_cast<unsigned>(Form::bitmap) ? read_bitmap(bytes.subspan(1), count, parameters)
                                                              : read_golomb(bytes.subspan(1), count, parameters);
    ++result.bytes;
    return result;
}

}  // namespace fedgram::learning
