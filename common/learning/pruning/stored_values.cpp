#include "common/learning/pruning/stored_values.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#include "common/error/error.hpp"
#include "common/learning/codec/value_code.hpp"

namespace fedgram::learning {

static_assert(std::endian::native == std::endian::little, "floats are stored as they lie in memory");

bool is_stored(float value) { return std::bit_cast<std::uint32_t>(value) != 0; }

std::uint64_t stored_count(std::span<const float> values)
{
    return static_cast<std::uint64_t>(std::ranges::count_if(values, is_stored));
}

void append_floats(std::span<const float> values, std::vector<std::byte>& bytes)
{
    const auto raw = std::as_bytes(values);
    bytes.insert(bytes.end(), raw.begin(), raw.end());
}

void append_stored(std::span<const float> values, std::vector<std::byte>& bytes)
{
    for (const float& value : values)
        if (is_stored(value)) append_floats({&value, 1}, bytes);
}

std::vector<float> read_floats(std::span<const std::byte> bytes, std::uint64_t count)
{
    require_bytes(bytes, sizeof(float) * count);
    std::vector<float> values(count);
    if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
}

std::vector<float> read_stored(std::span<const std::byte> bytes, std::uint64_t count)
{
    auto values = read_floats(bytes, count);
    if (const auto zero = std::ranges::find_if_not(values, is_stored); zero != values.end())
        throw DataError{"has a 0 as value " + std::to_string(zero - values.begin()) + "; what is 0 must not be stored"};
    return values;
}

}  // namespace fedgram::learning
