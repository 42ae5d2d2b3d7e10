#include "common/learning/weight_sharing/compressed_tensor.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <string>

#include "common/error/error.hpp"
#include "common/learning/codec/bit_stream.hpp"
#include "common/learning/weight_sharing/huffman_code.hpp"

namespace fedgram::learning {

namespace {

/// The first byte: an index's bits less 1, and how each stream is written.
constexpr unsigned index_bits_mask = 0b111;
constexpr unsigned huffman_weights = 0b1000;
constexpr unsigned huffman_indices = 0b10000;
constexpr unsigned form_mask = index_bits_mask | huffman_weights | huffman_indices;
constexpr std::size_t head_bytes = 6;  // form, centroids, entries

/// Two streams of the same length.
struct Entries {
    std::vector<std::uint8_t> codes;
    std::vector<std::uint8_t> passed_over;  // weights of code 0 before this one
};

Entries entries_of(std::span<const std::uint8_t> codes, unsigned index_bits)
{
    const auto most = (1U << index_bits) - 1;
    Entries entries;
    unsigned passed_over = 0;
    for (const auto code : codes) {
        if (code == 0) {
            ++passed_over;
            continue;
        }
        // A filler is one of those that are passed over.
        for (; passed_over > most; passed_over -= most + 1) {
            entries.codes.push_back(0);
            entries.passed_over.push_back(static_cast<std::uint8_t>(most));
        }
        entries.codes.push_back(code);
        entries.passed_over.push_back(static_cast<std::uint8_t>(passed_over));
        passed_over = 0;
    }
    return entries;
}

/// A code's bits where all take as many.
unsigned plain_bits(std::size_t centroids) { return static_cast<unsigned>(std::bit_width(centroids)); }

std::uint64_t plain_bytes(std::size_t symbols, unsigned bits) { return (std::uint64_t{symbols} * bits + 7) / 8; }

/// A stream's table and symbols, each in bytes, and whether it is in Huffman's code.
struct StreamForm {
    HuffmanBytes bytes;
    bool is_huffman = false;
};

StreamForm smallest_form(std::span<const std::uint8_t> symbols, unsigned bits)
{
    const auto plain = plain_bytes(symbols.size(), bits);
    const auto huffman = huffman_bytes(symbols);
    if (huffman.total() < plain) return {huffman, true};
    return {{.table = 0, .codes = plain}, false};
}

void append_stream(std::span<const std::uint8_t> symbols, unsigned bits, bool is_huffman, std::vector<std::byte>& bytes)
{
    if (is_huffman) return append_huffman(symbols, bytes);
    BitWriter writer{bytes};
    for (const auto symbol : symbols) writer.write(symbol, bits);
    writer.finish();
}

void append_number(std::uint32_t number, std::vector<std::byte>& bytes)
{
    for (unsigned shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<std::byte>(number >> shift & 0xff));
}

/// What has been read so far lies before `rest`.
class TensorReader {
public:
    explicit TensorReader(std::span<const std::byte> bytes) : rest_{bytes} {}

    std::span<const std::byte> take(std::uint64_t bytes, const char* what)
    {
        if (bytes > rest_.size())
            throw DataError{std::string{"ends within its "} + what + ": " + std::to_string(rest_.size()) +
                            " bytes of " + std::to_string(bytes)};
        const auto taken = rest_.first(bytes);
        rest_ = rest_.subspan(bytes);
        return taken;
    }

    std::uint32_t number(const char* what)
    {
        const auto bytes = take(sizeof(std::uint32_t), what);
        std::uint32_t number = 0;
        for (std::size_t i = bytes.size(); i-- > 0;) number = number << 8 | std::to_integer<std::uint32_t>(bytes[i]);
        return number;
    }

    std::vector<std::uint8_t> stream(std::size_t count, unsigned bits, bool is_huffman, const char* what)
    {
        if (is_huffman) {
            auto read = read_huffman(rest_, count);
            rest_ = rest_.subspan(read.bytes);
            return std::move(read.symbols);
        }
        BitReader reader{take(plain_bytes(count, bits), what)};
        std::vector<std::uint8_t> symbols(count);
        for (auto& symbol : symbols) symbol = static_cast<std::uint8_t>(reader.read(bits));
        static_cast<void>(reader.finish());
        return symbols;
    }

    void finish() const
    {
        if (!rest_.empty()) throw DataError{"has " + std::to_string(rest_.size()) + " bytes behind its last index"};
    }

private:
    std::span<const std::byte> rest_;
};

std::vector<float> read_codebook(TensorReader& reader, std::size_t centroids)
{
    std::vector<float> codebook(centroids);
    for (auto& centroid : codebook) {
        centroid = std::bit_cast<float>(reader.number("codebook"));
        if (!std::isfinite(centroid)) throw DataError{"has a centroid that isn't finite"};
    }
    return codebook;
}

/// Each entry in its place.
std::vector<std::uint8_t> placed(const Entries& entries, unsigned index_bits, std::size_t centroids,
                                 std::size_t weights)
{
    const auto most = (1U << index_bits) - 1;
    std::vector<std::uint8_t> codes(weights);
    std::size_t next = 0;
    for (std::size_t i = 0; i < entries.codes.size(); ++i) {
        const unsigned code = entries.codes[i];
        const unsigned passed_over = entries.passed_over[i];
        if (code > centroids)
            throw DataError{"has the code " + std::to_string(code) + ", above its " + std::to_string(centroids) +
                            " centroids"};
        if (passed_over > most)
            throw DataError{"has the index " + std::to_string(passed_over) + ", which is at most " +
                            std::to_string(most)};
        if (passed_over >= weights - next)
            throw DataError{"has an index that is out of range: " + std::to_string(next + passed_over) + " of " +
                            std::to_string(weights) + " weights"};
        if (code == 0 && (passed_over < most || i + 1 == entries.codes.size()))
            throw DataError{"has a filler where none is needed, before weight " + std::to_string(next + passed_over)};
        next += passed_over;
        codes[next++] = static_cast<std::uint8_t>(code);
    }
    return codes;
}

}  // namespace

CompressedTensor compress(const SharedWeights& shared, unsigned index_bits)
{
    if (index_bits < 1 || index_bits > most_index_bits)
        throw SpecError{"index bits: " + std::to_string(index_bits) + " is not valid; use 1 to " +
                        std::to_string(most_index_bits)};
    assert(shared.centroids.size() < 256);
    const auto entries = entries_of(shared.codes, index_bits);
    const auto weight_bits = plain_bits(shared.centroids.size());
    const auto weights = smallest_form(entries.codes, weight_bits);
    const auto indices = smallest_form(entries.passed_over, index_bits);

    CompressedTensor tensor;
    auto& bytes = tensor.bytes;
    bytes.push_back(static_cast<std::byte>((index_bits - 1) | (weights.is_huffman ? huffman_weights : 0U) |
                                           (indices.is_huffman ? huffman_indices : 0U)));
    bytes.push_back(static_cast<std::byte>(shared.centroids.size()));
    append_number(static_cast<std::uint32_t>(entries.codes.size()), bytes);
    for (const auto centroid : shared.centroids) append_number(std::bit_cast<std::uint32_t>(centroid), bytes);
    append_stream(entries.codes, weight_bits, weights.is_huffman, bytes);
    append_stream(entries.passed_over, index_bits, indices.is_huffman, bytes);
    tensor.size = {.head = head_bytes,
                   .codebook = sizeof(float) * shared.centroids.size(),
                   .weight_table = weights.bytes.table,
                   .weights = weights.bytes.codes,
                   .index_table = indices.bytes.table,
                   .indices = indices.bytes.codes};
    tensor.entries = entries.codes.size();
    return tensor;
}

SharedWeights decompress(std::span<const std::byte> bytes, std::size_t weights)
{
    TensorReader reader{bytes};
    const auto form = std::to_integer<unsigned>(reader.take(1, "head")[0]);
    if (form > form_mask) throw DataError{"has the form " + std::to_string(form) + ", which is not offered"};
    const auto index_bits = (form & index_bits_mask) + 1;
    const auto centroids = std::to_integer<std::size_t>(reader.take(1, "head")[0]);
    const std::size_t count = reader.number("head");
    if (count > weights)
        throw DataError{"has " + std::to_string(count) + " entries, more than its " + std::to_string(weights) +
                        " weights"};
    SharedWeights shared;
    shared.centroids = read_codebook(reader, centroids);
    Entries entries;
    entries.codes = reader.stream(count, plain_bits(centroids), (form & huffman_weights) != 0, "codes");
    entries.passed_over = reader.stream(count, index_bits, (form & huffman_indices) != 0, "indices");
    reader.finish();
    shared.codes = placed(entries, index_bits, centroids, weights);
    return shared;
}

}  // namespace fedgram::learning
