#include "common/masking/ring.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include "common/random/stream.hpp"

using namespace fedgram;
using masking::Ring;

namespace {

std::span<const std::byte> bytes_of(const std::string& text) { return std::as_bytes(std::span{text}); }

std::vector<std::uint64_t> random_elements(Ring ring, std::size_t count)
{
    Stream stream{1, Purpose::engine, ring.bits(), count};
    std::vector<std::uint64_t> elements(count);
    for (auto& element : elements) element = ring.element(stream.bits());
    return elements;
}

}  // namespace

TEST_CASE("An element stands for a number in two's complement", "[masking]")
{
    const Ring byte{8};
    CHECK(byte.decoded(0) == 0);
    CHECK(byte.decoded(127) == 127);
    CHECK(byte.decoded(128) == -128);
    CHECK(byte.decoded(255) == -1);
    // 130 is -126 and nothing else: what is beyond the ring's edge comes out on its other side.
    CHECK(byte.decoded(130) == -126);
    const Ring bit{1};
    CHECK(bit.decoded(0) == 0);
    CHECK(bit.decoded(1) == -1);
    const Ring widest{64};
    CHECK(widest.decoded(std::uint64_t{1} << 63) == INT64_MIN);
    CHECK(widest.decoded(~std::uint64_t{0} >> 1) == INT64_MAX);
}

TEST_CASE("What stands above a ring's bits counts for nothing", "[masking]")
{
    const Ring ring{26};
    CHECK(ring.element(0xffffffffffffffff) == 0x3ffffff);
    CHECK(ring.decoded(0xabcdef0000000005) == 5);
    CHECK(ring.packed(std::vector<std::uint64_t>{0xfffffffffc000005}) == ring.packed(std::vector<std::uint64_t>{5}));
}

TEST_CASE("Elements are packed without a gap from their lowest bits on", "[masking]")
{
    // By hand: 1 + 2 * 2^12 + 3 * 2^24 is 0x003002001; its bytes from the lowest on.
    CHECK(Ring{12}.packed(std::vector<std::uint64_t>{1, 2, 3}) == std::string{"\x01\x20\x00\x03\x00", 5});
    CHECK(Ring{1}.packed(std::vector<std::uint64_t>{1, 0, 1, 1, 0, 0, 0, 0, 1}) == "\x0d\x01");
    CHECK(Ring{64}.packed(std::vector<std::uint64_t>{0x0807060504030201}) == "\x01\x02\x03\x04\x05\x06\x07\x08");
    CHECK(Ring{26}.packed_size(582026) == 1891585);  // 582,026 * 26 / 8 = 1,891,584.5
    CHECK(Ring{64}.packed_size(std::size_t{1} << 60) == std::size_t{1} << 63);
}

TEST_CASE("Elements of every width come back from their bytes", "[masking]")
{
    for (std::uint32_t bits = 1; bits <= 64; ++bits)
        for (const std::size_t count : {0, 1, 2, 7, 8, 9, 63, 64, 65, 200}) {
            const Ring ring{bits};
            const auto elements = random_elements(ring, count);
            const auto packed = ring.packed(elements);
            CAPTURE(bits, count);
            REQUIRE(packed.size() == (count * bits + 7) / 8);
            REQUIRE(ring.unpacked(bytes_of(packed), count) == elements);
        }
}

TEST_CASE("Bytes that no elements are packed into are refused", "[masking]")
{
    const Ring ring{12};
    const auto packed = ring.packed(std::vector<std::uint64_t>{1, 2, 3});
    CHECK_FALSE(ring.unpacked(bytes_of(packed), 2));
    CHECK_FALSE(ring.unpacked(bytes_of(packed), 4));
    CHECK_FALSE(ring.unpacked(bytes_of(packed + '\0'), 3));
    auto filled = packed;
    filled.back() = '\x10';  // the lowest bit behind the last element
    CHECK_FALSE(ring.unpacked(bytes_of(filled), 3));
}
