#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fedgram::learning {

// Which of a model's parameters were kept: ascending indices, as gaps in Golomb's code or as a map of a bit for each
// parameter, whichever takes fewer bytes. How many there are is known to both sides. README.md has the bytes.

/// Appends them to `message`.
void append_indices(std::span<const std::uint32_t> indices, std::uint32_t parameters, std::vector<std::byte>& message);

struct ReadIndices {
    std::vector<std::uint32_t> indices;
    std::size_t bytes = 0;  ///< that they took
};

/// `count` of them, from the beginning of `bytes`. Throws DataError unless there are so many, each below
/// `parameters` and above the one before.
[[nodiscard]] ReadIndices read_indices(std::span<const std::byte> bytes, std::uint32_t count, std::uint32_t parameters);

/// No `count` indices take more.
[[nodiscard]] std::uint64_t largest_index_bytes(std::uint32_t count, std::uint32_t parameters);

/// Golomb's parameter 2^b: b = max(0, 1 + floor(log2(log(phi - 1) / log(1 - p)))) for the share p = count / parameters
/// that is kept and phi = (sqrt(5) + 1) / 2, the best for gaps of independent picks (Sattler et al. 2019,
/// arXiv:1903.02891).
[[nodiscard]] unsigned golomb_bits(std::uint32_t count, std::uint32_t parameters);

}  // namespace fedgram::learning
