#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

namespace fedgram::datasets {

/// SHA-256 of these parts, one behind the other, in 64 hexadecimal digits. Throws SystemError where OpenSSL has none.
[[nodiscard]] std::string sha256(std::initializer_list<std::span<const std::uint8_t>> parts);

}  // namespace fedgram::datasets
