#include "common/learning/weight_sharing/huffman_code.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <numeric>
#include <string>
#include <utility>

#include "common/error/error.hpp"
#include "common/learning/codec/bit_stream.hpp"

namespace fedgram::learning {

namespace {

constexpr std::size_t most_symbols = 256;

using Counts = std::vector<std::uint64_t>;
using Lengths = std::vector<std::uint8_t>;

/// Symbols that are bought together, each as often as it stands here.
struct Package {
    std::uint64_t count = 0;
    std::vector<std::uint8_t> symbols;
};

std::vector<Package> pairs_of(const std::vector<Package>& packages)
{
    std::vector<Package> pairs;
    for (std::size_t i = 0; i + 1 < packages.size(); i += 2) {
        auto& pair = pairs.emplace_back(packages[i]);
        pair.count += packages[i + 1].count;
        pair.symbols.insert(pair.symbols.end(), packages[i + 1].symbols.begin(), packages[i + 1].symbols.end());
    }
    return pairs;
}

/// How often each symbol occurs, up to the highest one that does.
Counts counts_of(std::span<const std::uint8_t> symbols)
{
    Counts counts(most_symbols);
    for (const auto symbol : symbols) ++counts[symbol];
    while (!counts.empty() && counts.back() == 0) counts.pop_back();
    return counts;
}

std::uint64_t table_bytes(std::size_t lengths) { return 1 + (lengths + 1) / 2; }

/// Codes of one length are consecutive numbers in the order of their symbols, and a longer code is larger than a
/// shorter one's beginning.
struct CanonicalCode {
    std::array<std::uint32_t, longest_code + 1> of_length{};  // how many codes
    std::vector<std::uint8_t> symbols;                        // that have one, in the order of their codes

    explicit CanonicalCode(std::span<const std::uint8_t> lengths)
    {
        for (unsigned length = 1; length <= longest_code; ++length)
            for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
                if (lengths[symbol] != length) continue;
                ++of_length[length];
                symbols.push_back(static_cast<std::uint8_t>(symbol));
            }
    }

    /// Whether each sequence of bits is one of codes.
    [[nodiscard]] bool is_whole() const
    {
        std::uint32_t taken = 0;  // in units of the longest code
        for (unsigned length = 1; length <= longest_code; ++length)
            taken += of_length[length] << (longest_code - length);
        return taken == 1U << longest_code;
    }
};

/// Codes are told apart from their highest bit on, and a stream is read from the lowest bit up.
std::uint32_t reversed(std::uint32_t code, unsigned length)
{
    std::uint32_t result = 0;
    for (; length > 0; --length, code >>= 1) result = result << 1 | (code & 1);
    return result;
}

/// Each symbol's code, as it is written.
std::array<std::uint32_t, most_symbols> codes_of(const CanonicalCode& canonical)
{
    std::array<std::uint32_t, most_symbols> codes{};
    std::uint32_t code = 0;
    auto symbol = canonical.symbols.begin();
    for (unsigned length = 1; length <= longest_code; ++length, code <<= 1)
        for (std::uint32_t i = 0; i < canonical.of_length[length]; ++i) codes[*symbol++] = reversed(code++, length);
    return codes;
}

std::uint8_t read_symbol(const CanonicalCode& code, BitReader& reader)
{
    // `bits` is the number that was read, less the first code of its length. A whole code ends this.
    std::uint32_t bits = 0;
    std::uint32_t shorter = 0;  // codes
    for (unsigned length = 1;; ++length) {
        bits = bits << 1 | reader.read(1);
        const auto codes = code.of_length[length];
        if (bits < codes) return code.symbols[shorter + bits];
        bits -= codes;
        shorter += codes;
    }
}

Lengths read_table(std::span<const std::byte> bytes)
{
    if (bytes.empty()) throw DataError{"ends before its table of code lengths"};
    Lengths lengths(std::to_integer<std::size_t>(bytes[0]) + 1);
    if (bytes.size() < table_bytes(lengths.size()))
        throw DataError{"ends within its table of " + std::to_string(lengths.size()) + " code lengths"};
    BitReader reader{bytes.subspan(1)};
    for (auto& length : lengths) length = static_cast<std::uint8_t>(reader.read(4));
    static_cast<void>(reader.finish());
    return lengths;
}

}  // namespace

std::vector<std::uint8_t> code_lengths(std::span<const std::uint64_t> counts)
{
    Lengths lengths(counts.size());
    std::vector<Package> single;
    for (std::size_t symbol = 0; symbol < counts.size(); ++symbol)
        if (counts[symbol] > 0) single.push_back({counts[symbol], {static_cast<std::uint8_t>(symbol)}});
    if (single.size() < 2) return lengths;
    const auto is_rarer = [](const Package& a, const Package& b) { return a.count < b.count; };
    std::ranges::stable_sort(single, is_rarer);

    auto packages = single;
    for (unsigned length = 1; length < longest_code; ++length) {
        auto pairs = pairs_of(packages);
        packages.clear();
        // Stable: of equal ones those with one symbol come first, the same on every machine.
        std::merge(single.begin(), single.end(), std::make_move_iterator(pairs.begin()),
                   std::make_move_iterator(pairs.end()), std::back_inserter(packages), is_rarer);
    }
    packages.resize(2 * single.size() - 2);
    for (const auto& package : packages)
        for (const auto symbol : package.symbols) ++lengths[symbol];
    return lengths;
}

HuffmanBytes huffman_bytes(std::span<const std::uint8_t> symbols)
{
    if (symbols.empty()) return {};
    const auto counts = counts_of(symbols);
    const auto lengths = code_lengths(counts);
    const auto bits = std::inner_product(counts.begin(), counts.end(), lengths.begin(), std::uint64_t{0});
    return {.table = table_bytes(lengths.size()), .codes = (bits + 7) / 8};
}

void append_huffman(std::span<const std::uint8_t> symbols, std::vector<std::byte>& bytes)
{
    if (symbols.empty()) return;
    const auto lengths = code_lengths(counts_of(symbols));
    bytes.push_back(static_cast<std::byte>(lengths.size() - 1));
    BitWriter table{bytes};
    for (const auto length : lengths) table.write(length, 4);
    table.finish();
    const auto codes = codes_of(CanonicalCode{lengths});
    BitWriter writer{bytes};
    for (const auto symbol : symbols) writer.write(codes[symbol], lengths[symbol]);
    writer.finish();
}

ReadSymbols read_huffman(std::span<const std::byte> bytes, std::size_t count)
{
    ReadSymbols result;
    if (count == 0) return result;
    const auto lengths = read_table(bytes);
    result.bytes = table_bytes(lengths.size());
    const CanonicalCode code{lengths};
    if (code.symbols.empty()) {
        result.symbols.assign(count, static_cast<std::uint8_t>(lengths.size() - 1));
        return result;
    }
    if (!code.is_whole()) throw DataError{"has code lengths that are no whole code"};
    if (lengths.back() == 0) throw DataError{"has a table of code lengths that ends with an unused symbol"};
    result.symbols.resize(count);
    BitReader reader{bytes.subspan(result.bytes)};
    for (auto& symbol : result.symbols) symbol = read_symbol(code, reader);
    result.bytes += reader.finish();
    return result;
}

}  // namespace fedgram::learning
