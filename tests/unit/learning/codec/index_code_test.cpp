#include "common/learning/codec/index_code.hpp"

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/codec/kept_indices.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

using Indices = std::vector<std::uint32_t>;

std::vector<std::byte> encoded(const Indices& indices, std::uint32_t parameters)
{
    std::vector<std::byte> bytes;
    append_indices(indices, parameters, bytes);
    return bytes;
}

Indices last_of(std::uint32_t count, std::uint32_t parameters)
{
    Indices indices(count);
    std::iota(indices.begin(), indices.end(), parameters - count);
    return indices;
}

std::string error_of(const std::vector<std::byte>& bytes, std::uint32_t count, std::uint32_t parameters)
{
    try {
        static_cast<void>(read_indices(bytes, count, parameters));
    } catch (const DataError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("Golomb's parameter is the best for the share that is kept", "[codec]")
{
    // By hand: log(phi - 1) is -.481212; at p = .01 the quotient is 47.88, whose binary logarithm is 5.58.
    CHECK(golomb_bits(1, 100) == 6);
    CHECK(golomb_bits(1, 1000) == 9);
    CHECK(golomb_bits(5, 100) == 4);
    CHECK(golomb_bits(10, 100) == 3);
    CHECK(golomb_bits(25, 100) == 1);
    CHECK(golomb_bits(50, 100) == 0);
    CHECK(golomb_bits(9, 10) == 0);
    CHECK(golomb_bits(100, 100) == 0);
    CHECK(golomb_bits(1, 4294967295) == 31);
}

TEST_CASE("indices at random take the bits that the table has, within one in a hundred", "[codec]")
{
    struct Row {
        double share;
        double bits;
    };
    const auto row = GENERATE(Row{.001, 11.495}, Row{.01, 8.108}, Row{.05, 5.786}, Row{.1, 4.756}, Row{.25, 3.286});
    constexpr std::uint32_t parameters = 2'000'000;
    const auto count = static_cast<std::uint32_t>(std::lround(row.share * parameters));
    Stream random{1, Purpose::random_k};
    const auto bytes = encoded(random_indices(random, count, parameters), parameters);
    CHECK(8.0 * static_cast<double>(bytes.size() - 1) / count == Approx(row.bits).epsilon(.01));
}

TEST_CASE("gaps are written in unary above Golomb's parameter, and in bits below", "[codec]")
{
    // By hand: 10 of 100 have 3 bits; the gaps are 2, 17 = 2 x 8 + 1 and eight times 0. From the lowest bit: 1 010,
    // 001 100, and eight times 1 000.
    const Indices indices{2, 20, 21, 22, 23, 24, 25, 26, 27, 28};
    const auto bytes = encoded(indices, 100);
    REQUIRE(bytes.size() == 1 + 6);
    CHECK(bytes[0] == std::byte{0});
    CHECK(bytes[1] == std::byte{0b11000101});
    CHECK(bytes[2] == std::byte{0b01000100});
    const auto read = read_indices(bytes, 10, 100);
    CHECK(read.indices == indices);
    CHECK(read.bytes == bytes.size());
}

TEST_CASE("a bitmap is sent where it takes fewer bytes", "[codec]")
{
    // By hand: the last 37 of 100, with one bit, are 31 + 1 + 1 bits and 36 times 2, 14 bytes; the map has 13.
    const auto bytes = encoded(last_of(37, 100), 100);
    REQUIRE(bytes.size() == 1 + 13);
    CHECK(bytes[0] == std::byte{1});
    CHECK(bytes[1 + 7] == std::byte{0b10000000});
    CHECK(bytes[1 + 12] == std::byte{0b00001111});
    const auto read = read_indices(bytes, 37, 100);
    CHECK(read.indices == last_of(37, 100));
    CHECK(read.bytes == 14);
    CHECK(encoded(last_of(36, 96), 96)[0] == std::byte{1});  // 101 bits against 96
    CHECK(encoded(last_of(32, 100), 100)[0] == std::byte{0});
}

TEST_CASE("indices read back from what follows them, and are never more than their largest", "[codec]")
{
    Stream random{5, Purpose::probe};
    for (int trial = 0; trial < 300; ++trial) {
        const auto parameters = static_cast<std::uint32_t>(1 + random.below(300));
        const auto count = static_cast<std::uint32_t>(1 + random.below(parameters));
        for (const auto& indices : {random_indices(random, count, parameters), last_of(count, parameters)}) {
            auto bytes = encoded(indices, parameters);
            const auto size = bytes.size();
            REQUIRE(size <= largest_index_bytes(count, parameters));
            bytes.resize(size + 9, std::byte{0xff});
            const auto read = read_indices(bytes, count, parameters);
            REQUIRE(read.indices == indices);
            REQUIRE(read.bytes == size);
        }
    }
}

TEST_CASE("indices out of range, too many or too few are refused", "[codec]")
{
    const auto golomb = encoded({0, 2}, 5);
    REQUIRE(golomb.size() == 2);
    const auto changed = [](std::vector<std::byte> bytes, std::size_t place, unsigned value) {
        bytes[place] = static_cast<std::byte>(value);
        return bytes;
    };
    CHECK(error_of({}, 2, 5) == "ends before its indices");
    CHECK(error_of(changed(golomb, 0, 2), 2, 5) == "has indices of form 2, which is not offered; it is 0 or 1");
    // Two of five have no bits below: a one is an index, each zero passes over a parameter.
    CHECK(error_of(changed(golomb, 1, 0b110000), 2, 5) == "has an index that is out of range: 5 of 5 parameters");
    CHECK(error_of(changed(golomb, 1, 0b1000001), 2, 5) == "has an index that is out of range: 6 of 5 parameters");
    CHECK(error_of(changed(golomb, 1, 0b10000001), 2, 5) == "has a code that is not offered: more than 5 zeros");
    CHECK(error_of(changed(golomb, 1, 0b111), 2, 5) == "has a bit that is no 0 behind its last code");
    CHECK(error_of(changed(golomb, 1, 1), 2, 5) == "has a code that is not offered: more than 5 zeros");
    CHECK(error_of({golomb[0]}, 2, 5) == "ends within its codes, after 0 bytes of them");
    const auto map = encoded(last_of(37, 100), 100);
    CHECK(error_of(changed(map, 1, 1), 37, 100) == "has 38 parameters in its bitmap; they must be 37");
    CHECK(error_of(changed(map, 12, 0), 37, 100) == "has 29 parameters in its bitmap; they must be 37");
    CHECK(error_of(changed(map, 13, 0x1f), 37, 100) == "has an index that is out of range: 100 of 100 parameters");
    CHECK(error_of({map.begin(), map.end() - 1}, 37, 100) == "ends within its bitmap, which is of 13 bytes");
}
