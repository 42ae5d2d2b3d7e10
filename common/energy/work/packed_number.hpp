#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fedgram::energy {

// Whole numbers that are small most times: 7 bits a byte, the lowest first, and the top bit where more follow (LEB128,
// as Protocol Buffers have it).

inline void append_packed(std::string& bytes, std::uint64_t number)
{
    for (; number >= 0x80; number >>= 7) bytes += static_cast<char>(number | 0x80);
    bytes += static_cast<char>(number);
}

/// The number at the beginning of `bytes`, which then begin behind it; nothing where they hold none.
[[nodiscard]] inline std::optional<std::uint64_t> take_packed(std::string_view& bytes)
{
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        number |= std::uint64_t{byte & 0x7fU} << shift;
        if (byte < 0x80) return number;
    }
    return std::nullopt;
}

}  // namespace fedgram::energy
