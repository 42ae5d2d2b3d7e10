#include "common/learning/weight_sharing/compressed_tensor.hpp"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/weight_sharing/predicted_size.hpp"
#include "common/random/stream.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

using Codes = std::vector<std::uint8_t>;
using Bytes = std::vector<std::byte>;

/// Codes of `centroids` values, each as likely as the others, of which `density` are kept.
SharedWeights random_shared(std::size_t weights, double density, std::size_t centroids, std::uint64_t seed)
{
    Stream random{seed, Purpose::probe};
    SharedWeights shared{.codes = Codes(weights), .centroids = std::vector<float>(centroids)};
    for (auto& code : shared.codes)
        if (random.uniform() < density) code = static_cast<std::uint8_t>(1 + random.below(centroids));
    for (auto& centroid : shared.centroids) centroid = static_cast<float>(random.normal());
    return shared;
}

/// One code 1 in the place `index`.
SharedWeights one_at(std::size_t index, std::size_t weights)
{
    SharedWeights shared{.codes = Codes(weights), .centroids = {.5f}};
    shared.codes[index] = 1;
    return shared;
}

std::string error_of(const Bytes& bytes, std::size_t weights)
{
    try {
        static_cast<void>(decompress(bytes, weights));
    } catch (const DataError& error) {
        return error.what();
    }
    return "no error";
}

Bytes changed(Bytes bytes, std::size_t place, unsigned value)
{
    bytes[place] = static_cast<std::byte>(value);
    return bytes;
}

}  // namespace

TEST_CASE("a tensor is its head, codebook, codes and indices", "[weight_sharing]")
{
    // By hand, with indices of 2 bits: 2 weights are passed over, then 0, then 5: a filler that passes 3 and is the
    // fourth, and 1 more. Codes 1, 2, 0, 1 of 2 bits: 01 10 00 01 from the lowest; indices 2, 0, 3, 1.
    const SharedWeights shared{.codes = {0, 0, 1, 2, 0, 0, 0, 0, 0, 1, 0}, .centroids = {1.0f, -2.0f}};
    const auto tensor = compress(shared, 2);
    REQUIRE(tensor.bytes.size() == 16);
    CHECK(tensor.bytes[0] == std::byte{1});  // bits of an index less 1, both streams plain
    CHECK(tensor.bytes[1] == std::byte{2});
    CHECK(tensor.bytes[2] == std::byte{4});
    CHECK(tensor.bytes[8] == std::byte{0x80});  // 1 is 0x3f800000
    CHECK(tensor.bytes[9] == std::byte{0x3f});
    CHECK(tensor.bytes[14] == std::byte{0b01001001});
    CHECK(tensor.bytes[15] == std::byte{0b01110010});
    CHECK(tensor.entries == 4);
    CHECK(tensor.size.head == 6);
    CHECK(tensor.size.codebook == 8);
    CHECK(tensor.size.weights == 1);
    CHECK(tensor.size.indices == 1);
    CHECK(tensor.size.total() == 16);
    CHECK(decompress(tensor.bytes, 11) == shared);
}

TEST_CASE("an index reaches over one weight fewer than it has values, and fillers go further", "[weight_sharing]")
{
    // With 5 bits: 31 are passed over at most; a filler takes 32.
    CHECK(compress(one_at(31, 1000), 5).entries == 1);
    CHECK(compress(one_at(32, 1000), 5).entries == 2);
    CHECK(compress(one_at(63, 1000), 5).entries == 2);
    CHECK(compress(one_at(64, 1000), 5).entries == 3);
    CHECK(compress(one_at(999, 1000), 8).entries == 4);
    for (const std::size_t place : {0U, 31U, 32U, 63U, 64U, 999U})
        for (unsigned bits = 1; bits <= 8; ++bits)
            REQUIRE(decompress(compress(one_at(place, 1000), bits).bytes, 1000) == one_at(place, 1000));
    // What is pruned behind the last weight costs nothing.
    CHECK(compress(one_at(0, 100'000), 4).entries == 1);
}

TEST_CASE("a tensor reads back to the same weights, and its size is known by part", "[weight_sharing]")
{
    Stream random{1, Purpose::probe};
    for (int trial = 0; trial < 200; ++trial) {
        const auto shared = random_shared(random.below(3000), random.uniform(), 1 + random.below(255),
                                          static_cast<std::uint64_t>(trial));
        const auto tensor = compress(shared, 1 + static_cast<unsigned>(random.below(8)));
        REQUIRE(tensor.size.total() == tensor.bytes.size());
        const auto read = decompress(tensor.bytes, shared.codes.size());
        REQUIRE(read == shared);
        REQUIRE(expand(read) == expand(shared));
    }
    const auto none = compress({}, 4);
    CHECK(none.bytes.size() == 6);
    CHECK(decompress(none.bytes, 0) == SharedWeights{});
    // All of it pruned.
    const SharedWeights pruned{.codes = Codes(50), .centroids = {}};
    CHECK(decompress(compress(pruned, 4).bytes, 50) == pruned);
}

TEST_CASE("a stream is in Huffman's code where that takes fewer bytes, its table counted", "[weight_sharing]")
{
    // By hand: three codes as often as each other take 1, 2 and 2 bits, on average 5/3 instead of 2.
    const auto thirds = compress(random_shared(4000, 1, 3, 2), 4);
    CHECK(thirds.size.weight_table == 3);
    CHECK(static_cast<double>(thirds.size.weights) == Approx(4000 * 5 / 3.0 / 8).epsilon(.02));
    // Nothing is passed over, so the indices are all the same: a table of two bytes.
    CHECK(thirds.size.index_table == 2);
    CHECK(thirds.size.indices == 0);
    // 255 of them gain nothing that a table would be worth.
    const auto plain = compress(random_shared(4000, .5, 255, 3), 8);
    CHECK(plain.size.weight_table == 0);
    CHECK(plain.size.weights == plain.entries);
    CHECK(plain.size.index_table > 0);
}

TEST_CASE("an encoded tensor is as large as the formula says", "[weight_sharing]")
{
    // ip1 of LeNet-300-100: 784 x 300 weights, 8 % kept, 6 and 5 bits.
    const auto shared = random_shared(784 * 300, .08, 63, 4);
    const auto tensor = compress(shared, 5);
    const auto predicted = predicted_bits({.weights = 784 * 300, .density = .08, .weight_bits = 6, .index_bits = 5});
    CHECK(static_cast<double>(tensor.entries) == Approx(predicted.codes / 6).epsilon(.01));
    CHECK(static_cast<double>(tensor.size.weights + tensor.size.weight_table) ==
          Approx(predicted.codes / 8).epsilon(.02));
    // The codebook needs no value for code 0, and gaps that are mostly short take less than 5 bits.
    CHECK(static_cast<double>(tensor.size.codebook) == predicted.codebook / 8 - 4);
    CHECK(static_cast<double>(tensor.size.indices) < predicted.indices / 8);
}

TEST_CASE("k-means, coding and reading leave the shared values", "[weight_sharing]")
{
    Stream random{5, Purpose::probe};
    std::vector<float> weights(20'000);
    for (auto& weight : weights) {
        const auto value = static_cast<float>(random.normal());
        weight = std::abs(value) > 1.5f ? value : 0.0f;
    }
    const auto shared = share_weights(weights, 5);
    const auto tensor = compress(shared, 4);
    CHECK(expand(decompress(tensor.bytes, weights.size())) == expand(shared));
    CHECK(tensor.size.weights + tensor.size.weight_table < tensor.entries * 5 / 8);
}

TEST_CASE("tensors that are cut off or go on, and streams that don't fit, are refused", "[weight_sharing]")
{
    const SharedWeights shared{.codes = {0, 0, 1, 2, 0, 0, 0, 0, 0, 1, 0}, .centroids = {1.0f, -2.0f}};
    const auto good = compress(shared, 2).bytes;
    for (std::size_t size = 0; size < good.size(); ++size)
        CHECK_THROWS_AS(decompress(std::span{good}.first(size), 11), DataError);
    CHECK(error_of({}, 11) == "ends within its head: 0 bytes of 1");
    CHECK(error_of({good.begin(), good.begin() + 12}, 11) == "ends within its codebook: 2 bytes of 4");
    CHECK(error_of({good.begin(), good.begin() + 14}, 11) == "ends within its codes: 0 bytes of 1");
    auto longer = good;
    longer.push_back({});
    CHECK(error_of(longer, 11) == "has 1 bytes behind its last index");
    CHECK(error_of(changed(good, 0, 0x21), 11) == "has the form 33, which is not offered");
    CHECK(error_of(changed(good, 5, 1), 11) == "has 16777220 entries, more than its 11 weights");
    CHECK(error_of(changed(changed(good, 9, 0xff), 8, 0x80), 11) == "has a centroid that isn't finite");
    CHECK(error_of(changed(good, 14, 0b01001011), 11) == "has the code 3, above its 2 centroids");
    CHECK(error_of(good, 9) == "has an index that is out of range: 9 of 9 weights");
    CHECK(error_of(changed(good, 15, 0b01100010), 11) == "has a filler where none is needed, before weight 6");
    CHECK(error_of(changed(good, 14, 0b00001001), 11) == "has a filler where none is needed, before weight 9");
    CHECK(decompress(good, 10).codes.size() == 10);  // the last one is pruned, and isn't spoken of
}

TEST_CASE("an index in Huffman's code that is above its bits is refused", "[weight_sharing]")
{
    // Indices of 1 bit, written by Huffman's code as the one symbol 2. Codes: one centroid, 1 bit, a 1.
    Bytes bytes{std::byte{0b10000}, std::byte{1}, std::byte{1}, {}, {}, {}, {}, {}, std::byte{0x80}, std::byte{0x3f}};
    bytes.push_back(std::byte{1});
    for (const unsigned byte : {2U, 0U, 0U}) bytes.push_back(static_cast<std::byte>(byte));
    CHECK(error_of(bytes, 5) == "has the index 2, which is at most 1");
}

TEST_CASE("bits of an index that aren't offered are refused", "[weight_sharing]")
{
    CHECK_THROWS_WITH(compress({}, 0), "index bits: 0 is not valid; use 1 to 8");
    CHECK_THROWS_AS(compress({}, 9), SpecError);
}
