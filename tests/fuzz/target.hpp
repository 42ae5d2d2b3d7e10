#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// What each fuzzer defines: tries one input. Called by libFuzzer, or by replay.cpp in builds without it. Whatever it
/// throws is a finding.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fedgram::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size)
{
    return {reinterpret_cast<const char*>(data), size};
}

}  // namespace fedgram::fuzz
