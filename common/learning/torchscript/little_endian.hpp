#pragma once

#include <concepts>
#include <cstddef>
#include <string>

namespace fedgram::learning::torchscript {

/// Appends the bytes of `value`, the lowest first.
template <std::unsigned_integral T>
void append_little_endian(std::string& bytes, T value)
{
    for (std::size_t i = 0; i < sizeof value; ++i) bytes += static_cast<char>((value >> (8 * i)) & 0xff);
}

}  // namespace fedgram::learning::torchscript
