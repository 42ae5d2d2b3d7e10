#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fedgram::learning {

// The values of a sparse encoding: those that are stored, as float32 behind the places where they belong.

/// False of +0 alone, which a decoder fills in. All else is stored with its bits: -0 too.
[[nodiscard]] bool is_stored(float value);

/// How many of them are stored.
[[nodiscard]] std::uint64_t stored_count(std::span<const float> values);

/// Appends the float32 as they lie in memory, little-endian.
void append_floats(std::span<const float> values, std::vector<std::byte>& bytes);

/// Appends those that are stored.
void append_stored(std::span<const float> values, std::vector<std::byte>& bytes);

/// `bytes` as `count` float32. Throws DataError for another number of bytes.
[[nodiscard]] std::vector<float> read_floats(std::span<const std::byte> bytes, std::uint64_t count);

/// The same, all of which must be stored ones: throws DataError for a +0, too, so that a tensor has one encoding.
[[nodiscard]] std::vector<float> read_stored(std::span<const std::byte> bytes, std::uint64_t count);

}  // namespace fedgram::learning
