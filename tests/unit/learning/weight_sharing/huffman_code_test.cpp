#include "common/learning/weight_sharing/huffman_code.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <queue>
#include <string>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/random/stream.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

using Counts = std::vector<std::uint64_t>;
using Symbols = std::vector<std::uint8_t>;
using Bytes = std::vector<std::byte>;

Bytes encoded(const Symbols& symbols)
{
    Bytes bytes;
    append_huffman(symbols, bytes);
    return bytes;
}

Bytes bytes_of(std::initializer_list<unsigned> values)
{
    Bytes bytes;
    for (const auto value : values) bytes.push_back(static_cast<std::byte>(value));
    return bytes;
}

std::string error_of(const Bytes& bytes, std::size_t count)
{
    try {
        static_cast<void>(read_huffman(bytes, count));
    } catch (const DataError& error) {
        return error.what();
    }
    return "no error";
}

std::uint64_t bits_of(const Counts& counts)
{
    const auto lengths = code_lengths(counts);
    return std::inner_product(counts.begin(), counts.end(), lengths.begin(), std::uint64_t{0});
}

/// Huffman's own algorithm: the sum of all sums that two are joined to. Without a limit.
std::uint64_t joined_bits(const Counts& counts)
{
    std::priority_queue<std::uint64_t, Counts, std::greater<>> left;
    for (const auto count : counts)
        if (count > 0) left.push(count);
    std::uint64_t bits = 0;
    while (left.size() > 1) {
        auto sum = left.top();
        left.pop();
        sum += left.top();
        left.pop();
        bits += sum;
        left.push(sum);
    }
    return bits;
}

/// The fewest bits of any lengths of 1 to 15 that a prefix code can have: by trying them all, symbol by symbol, over
/// what is left of Kraft's sum in units of 2^-15.
std::uint64_t fewest_bits(const Counts& counts)
{
    constexpr auto none = std::numeric_limits<std::uint64_t>::max();
    std::vector<std::uint64_t> best((std::size_t{1} << longest_code) + 1, none);
    best.back() = 0;
    for (const auto count : counts) {
        std::vector<std::uint64_t> next(best.size(), none);
        for (std::size_t left = 0; left < best.size(); ++left)
            for (unsigned length = 1; length <= longest_code && best[left] != none; ++length)
                if (const auto share = std::size_t{1} << (longest_code - length); share <= left)
                    next[left - share] = std::min(next[left - share], best[left] + count * length);
        best = std::move(next);
    }
    return *std::ranges::min_element(best);
}

Counts fibonacci(std::size_t size)
{
    Counts counts{1, 1};
    while (counts.size() < size) counts.push_back(counts[counts.size() - 1] + counts[counts.size() - 2]);
    return counts;
}

}  // namespace

TEST_CASE("a code's lengths are those of Huffman's tree", "[weight_sharing]")
{
    // By hand: 1 + 2 = 3, 3 + 4 = 7, 7 + 8 = 15.
    CHECK(code_lengths(Counts{8, 1, 0, 4, 2}) == Symbols{1, 3, 0, 2, 3});
    CHECK(code_lengths(Counts{5, 5, 5, 5}) == Symbols{2, 2, 2, 2});
    CHECK(code_lengths(Counts{0, 3, 9}) == Symbols{0, 1, 1});
    CHECK(code_lengths(Counts{0, 3, 0}) == Symbols{0, 0, 0});
    CHECK(code_lengths(Counts{}).empty());
}

TEST_CASE("no code takes fewer bits where the limit leaves Huffman's alone", "[weight_sharing]")
{
    Stream random{1, Purpose::probe};
    for (int trial = 0; trial < 60; ++trial) {
        Counts counts(2 + random.below(255));
        for (auto& count : counts) count = random.below(40);
        counts[0] = 7;
        counts[1] = 900;
        REQUIRE(bits_of(counts) == joined_bits(counts));
    }
    // 256 that are the same: 8 bits each.
    CHECK(bits_of(Counts(256, 3)) == 256 * 3 * 8);
}

TEST_CASE("a code that would be too long is the best one within the limit", "[weight_sharing]")
{
    // With 16 of Fibonacci's numbers the longest code has 15 bits, with 17 it would have 16.
    CHECK(std::ranges::max(code_lengths(fibonacci(16))) == 15);
    CHECK(bits_of(fibonacci(16)) == joined_bits(fibonacci(16)));
    for (const std::size_t size : {17U, 20U, 25U}) {
        const auto counts = fibonacci(size);
        CHECK(std::ranges::max(code_lengths(counts)) == 15);
        CHECK(bits_of(counts) > joined_bits(counts));
        CHECK(bits_of(counts) == fewest_bits(counts));
    }
    // Would need 39 bits without the limit: more than a 32-bit code holds.
    auto many = fibonacci(40);
    many.resize(256, 1);
    const auto lengths = code_lengths(many);
    double kraft = 0;
    for (const auto length : lengths) kraft += std::exp2(-length);
    CHECK(kraft == 1);
    CHECK(std::ranges::max(lengths) == 15);
}

TEST_CASE("a stream is its table of lengths, and codes from their highest bit on", "[weight_sharing]")
{
    // By hand: 0 occurs four times, 1 never, 2 and 3 twice. The lengths are 1, 0, 2, 2, the codes 0, 10 and 11. The
    // table is 3, its highest symbol, and two lengths in a byte, the first one in the lower half.
    const Symbols symbols{0, 2, 3, 0, 0, 3, 0, 2};
    const auto bytes = encoded(symbols);
    // 0 10 11 0 0 1 and 1 0 10, each byte from its lowest bit up.
    CHECK(bytes == bytes_of({3, 0x01, 0x22, 0b10011010, 0b00000101}));
    CHECK(huffman_bytes(symbols).table == 3);
    CHECK(huffman_bytes(symbols).codes == 2);
    CHECK(read_huffman(bytes, 8).symbols == symbols);
    CHECK(read_huffman(bytes, 8).bytes == 5);
}

TEST_CASE("symbols that are all the same take no bits, and none takes no byte", "[weight_sharing]")
{
    const Symbols same(1000, 6);
    const auto bytes = encoded(same);
    CHECK(bytes == bytes_of({6, 0, 0, 0, 0}));
    CHECK(huffman_bytes(same).table == 5);
    CHECK(huffman_bytes(same).codes == 0);
    CHECK(read_huffman(bytes, 1000).symbols == same);
    CHECK(encoded(Symbols(3, 0)) == bytes_of({0, 0}));

    CHECK(encoded({}).empty());
    CHECK(huffman_bytes({}).total() == 0);
    CHECK(read_huffman({}, 0).symbols.empty());
    CHECK(read_huffman({}, 0).bytes == 0);
}

TEST_CASE("streams read back from what follows them, within a bit a symbol of their entropy", "[weight_sharing]")
{
    Stream random{2, Purpose::probe};
    for (int trial = 0; trial < 200; ++trial) {
        const auto most = 1 + random.below(256);
        const auto bias = 1 + random.below(5);
        Symbols symbols(1 + random.below(2000));
        std::vector<double> counts(256);
        for (auto& symbol : symbols) {
            const auto drawn = std::pow(random.uniform(), static_cast<double>(bias)) * static_cast<double>(most);
            symbol = static_cast<std::uint8_t>(drawn);
            ++counts[symbol];
        }
        auto bytes = encoded(symbols);
        const auto size = huffman_bytes(symbols);
        REQUIRE(size.total() == bytes.size());
        double entropy = 0;
        for (const auto count : counts)
            if (count > 0) entropy -= count * std::log2(count / static_cast<double>(symbols.size()));
        REQUIRE(8 * static_cast<double>(size.codes) >= entropy - 1e-6);
        REQUIRE(8 * static_cast<double>(size.codes) < entropy + static_cast<double>(symbols.size()) + 8);
        bytes.resize(bytes.size() + 9, std::byte{0xff});
        const auto read = read_huffman(bytes, symbols.size());
        REQUIRE(read.symbols == symbols);
        REQUIRE(read.bytes == size.total());
    }
}

TEST_CASE("a stream with codes of 15 bits reads back", "[weight_sharing]")
{
    Symbols symbols;
    const auto counts = fibonacci(20);
    for (std::size_t symbol = 0; symbol < counts.size(); ++symbol)
        symbols.insert(symbols.end(), counts[symbol], static_cast<std::uint8_t>(3 * symbol));
    Stream random{3, Purpose::probe};
    random.shuffle(std::span{symbols});
    CHECK(read_huffman(encoded(symbols), symbols.size()).symbols == symbols);
}

TEST_CASE("streams that are cut off, and tables that are no code, are refused", "[weight_sharing]")
{
    const auto good = encoded({0, 2, 3, 0, 0, 3, 0, 2});
    CHECK(error_of({}, 8) == "ends before its table of code lengths");
    CHECK(error_of({good.begin(), good.begin() + 2}, 8) == "ends within its table of 4 code lengths");
    CHECK(error_of({good.begin(), good.begin() + 4}, 8) == "ends within its codes, after 1 bytes of them");
    CHECK(error_of(good, 30) == "ends within its codes, after 2 bytes of them");
    CHECK(error_of(good, 5) == "has a bit that is no 0 behind its last code");
    // Lengths 1, 0, 2, 1 promise more codes than there are, lengths 1, 0, 2, 3 fewer.
    CHECK(error_of(bytes_of({3, 0x01, 0x12, 0}), 1) == "has code lengths that are no whole code");
    CHECK(error_of(bytes_of({3, 0x01, 0x32, 0}), 1) == "has code lengths that are no whole code");
    // One symbol with a code of one bit: its other value means nothing.
    CHECK(error_of(bytes_of({0, 0x01, 0}), 1) == "has code lengths that are no whole code");
    CHECK(error_of(bytes_of({2, 0x11, 0x00, 0}), 1) == "has a table of code lengths that ends with an unused symbol");
    CHECK(error_of(bytes_of({0, 0x10, 0}), 1) == "has a bit that is no 0 behind its last code");
}
