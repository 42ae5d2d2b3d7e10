#include "common/learning/codec/bit_stream.hpp"

#include <cstddef>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/random/stream.hpp"

using namespace fedgram;
using namespace fedgram::learning;

TEST_CASE("bits fill each byte from its lowest up, and a last one with zeros", "[codec]")
{
    std::vector<std::byte> bytes{std::byte{7}};
    BitWriter writer{bytes};
    writer.write(0b101, 3);
    writer.write_unary(2);  // 001, read from the left
    writer.write(0b11, 2);
    writer.write(1, 1);
    writer.finish();
    // By hand: 101, then 0 0 1, then 11 fill the first byte as 11 100 101; the second has the last bit.
    CHECK(bytes == std::vector{std::byte{7}, std::byte{0b11100101}, std::byte{1}});
}

TEST_CASE("bits read back, whatever their number, and say how many bytes they took", "[codec]")
{
    Stream random{1, Purpose::probe};
    std::vector<std::pair<std::uint32_t, unsigned>> parts;  // 33 stands for unary
    std::vector<std::byte> bytes;
    BitWriter writer{bytes};
    for (int i = 0; i < 2000; ++i) {
        const auto count = static_cast<unsigned>(random.below(34));
        const auto value = static_cast<std::uint32_t>(count == 33 ? random.below(200)
                                                                  : random.bits() & ((std::uint64_t{1} << count) - 1));
        parts.emplace_back(value, count);
        if (count == 33)
            writer.write_unary(value);
        else
            writer.write(value, count);
    }
    writer.finish();
    const auto size = bytes.size();
    bytes.resize(size + 20, std::byte{0xff});  // what follows is somebody else's
    BitReader reader{bytes};
    for (const auto& [value, count] : parts)
        REQUIRE((count == 33 ? reader.read_unary(199) : reader.read(count)) == value);
    CHECK(reader.finish() == size);
}

TEST_CASE("bits that end too early, or hold more zeros than can be, are refused", "[codec]")
{
    const std::vector<std::byte> zeros(9);
    CHECK_THROWS_AS(BitReader{zeros}.read_unary(1000), DataError);
    CHECK_THROWS_AS(BitReader{zeros}.read_unary(71), DataError);
    const std::vector<std::byte> one{std::byte{0}, std::byte{1}};
    CHECK(BitReader{one}.read_unary(8) == 8);
    CHECK_THROWS_AS(BitReader{one}.read_unary(7), DataError);
    BitReader reader{one};
    CHECK(reader.read(10) == 0b100000000);
    CHECK_THROWS_AS(reader.read(7), DataError);
    CHECK_THROWS_AS(BitReader{{}}.read(1), DataError);
}

TEST_CASE("a bit behind the last code is refused where it should be padding", "[codec]")
{
    const std::vector<std::byte> bytes{std::byte{0b101}};
    BitReader reader{bytes};
    static_cast<void>(reader.read(2));
    CHECK_THROWS_AS(reader.finish(), DataError);
    static_cast<void>(reader.read(1));
    CHECK(reader.finish() == 1);
}
