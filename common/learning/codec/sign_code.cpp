#include "common/learning/codec/sign_code.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <string>

#include "common/error/error.hpp"
#include "common/learning/updates/norms.hpp"

namespace fedgram::learning {

namespace {

/// 1 for a negative value.
std::uint32_t sign_at(std::span<const std::byte> signs, std::size_t place)
{
    return std::to_integer<std::uint32_t>(signs[place / 8]) >> place % 8 & 1;
}

}  // namespace

std::uint64_t SignCode::largest_bytes(std::uint64_t count) const { return sizeof(float) + (count + 7) / 8; }

void SignCode::append(std::span<const float> values, Stream&, std::vector<std::byte>& message) const
{
    const auto scale = static_cast<float>(l1_norm(values) / static_cast<double>(values.size()));
    const auto bytes = grow(message, largest_bytes(values.size()));
    std::memcpy(bytes.data(), &scale, sizeof scale);
    const auto signs = bytes.subspan(sizeof scale);
    for (std::size_t byte = 0; byte < signs.size(); ++byte) {
        const auto part = values.subspan(8 * byte, std::min<std::size_t>(8, values.size() - 8 * byte));
        unsigned bits = 0;
        for (std::size_t i = 0; i < part.size(); ++i) bits |= (part[i] < 0 ? 1U : 0U) << i;
        signs[byte] = static_cast<std::byte>(bits);
    }
}

void SignCode::read(std::span<const std::byte> bytes, std::span<float> values) const
{
    require_bytes(bytes, largest_bytes(values.size()));
    float scale = 0;
    std::memcpy(&scale, bytes.data(), sizeof scale);
    if (!(scale >= 0 && scale <= std::numeric_limits<float>::max()))
        throw DataError{"has the scale " + std::to_string(scale) + "; it must be finite and not negative"};
    const auto signs = bytes.subspan(sizeof scale);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(scale) | sign_at(signs, i) << 31);
    for (std::size_t i = values.size(); i < 8 * signs.size(); ++i)
        if (sign_at(signs, i) != 0) throw DataError{"has a sign behind its last value"};
}

}  // namespace fedgram::learning
