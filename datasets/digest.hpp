#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

namespace fedgram::datasets {

/// SHA-256 of these parts, one behind the other, in 64 hexadecimal digits. Throws SystemError where OpenSSL has none.
[[nodiscard]] std::string sha256(std::initializer_list<std::span<const std::uint8_t>> parts);

using Checksum = std::array<std::uint8_t, 16>;

/// What tells damage to these parts, one behind the other, and no intent: GMAC of AES-128 with a key that is no secret,
/// for CPUs compute that several times as fast as SHA-256. Throws SystemError where OpenSSL has none.
[[nodiscard]] Checksum checksum(std::initializer_list<std::span<const std::uint8_t>> parts);

}  // namespace fedgram::datasets
