#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>

namespace fedgram::files {

/// SHA-256 in 64 hexadecimal digits, lower case. Throws SystemError where OpenSSL has none.
[[nodiscard]] std::string sha256(std::span<const std::byte> bytes);
/// Of these parts, one behind the other.
[[nodiscard]] std::string sha256(std::initializer_list<std::span<const std::byte>> parts);

}  // namespace fedgram::files
