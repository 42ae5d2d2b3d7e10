#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fedgram::learning {

// Huffman's code of symbols 0 to 255: a table of code lengths, then the codes. How many symbols there are is known to
// both sides. README.md has the bytes.

/// No code is longer, so that a length takes 4 bits of the table; 256 symbols need 8 at least. Without the limit none
/// would be longer either, unless the rarest symbol is one of 2584 (Fibonacci's 18th number) or rarer.
inline constexpr unsigned longest_code = 15;

/// The lengths that make the sum of counts times lengths smallest, none above `longest_code`: package-merge (Larmore
/// and Hirschberg 1990, doi:10.1145/79147.79150). 0 for a symbol that doesn't occur, and for one that is the only one.
/// At most 256 counts.
[[nodiscard]] std::vector<std::uint8_t> code_lengths(std::span<const std::uint64_t> counts);

struct HuffmanBytes {
    std::uint64_t table = 0;
    std::uint64_t codes = 0;

    [[nodiscard]] std::uint64_t total() const { return table + codes; }
};

/// What `append_huffman` appends. Nothing for no symbols, and no codes for symbols that are all the same.
[[nodiscard]] HuffmanBytes huffman_bytes(std::span<const std::uint8_t> symbols);
void append_huffman(std::span<const std::uint8_t> symbols, std::vector<std::byte>& bytes);

struct ReadSymbols {
    std::vector<std::uint8_t> symbols;
    std::size_t bytes = 0;  ///< that they took
};

/// `count` of them, from the beginning of `bytes`. Throws DataError where the bytes end too early, or hold lengths that
/// are no whole code or a bit that is no 0 behind the last one. Allocates a byte for each symbol that is asked for.
[[nodiscard]] ReadSymbols read_huffman(std::span<const std::byte> bytes, std::size_t count);

}  // namespace fedgram::learning
