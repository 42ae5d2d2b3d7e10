#include "datasets/digest.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace fedgram::datasets;

TEST_CASE("Digest and checksum have the values of their standards", "[datasets]")
{
    const std::vector<std::uint8_t> abc{'a', 'b', 'c'};
    // FIPS 180-2, appendix B.1.
    CHECK(sha256({abc}) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    // The GCM specification's test case 1: a key and a nonce of zeros, and nothing else.
    CHECK(checksum({}) == Checksum{0x58, 0xe2, 0xfc, 0xce, 0xfa, 0x7e, 0x30, 0x61,  //
                                   0x36, 0x7f, 0x1d, 0x57, 0xa4, 0xe7, 0x45, 0x5a});
}

TEST_CASE("Parts count as one text, in their order", "[datasets]")
{
    const std::vector<std::uint8_t> all{1, 2, 3}, one{1}, rest{2, 3};
    CHECK(sha256({one, rest}) == sha256({all}));
    CHECK(checksum({one, rest}) == checksum({all}));
    CHECK(checksum({rest, one}) != checksum({all}));
}
