#include "common/files/sha256.hpp"

#include <catch2/catch.hpp>
#include <vector>

using fedgram::files::sha256;

TEST_CASE("A digest has the value of its standard")
{
    const std::vector<std::byte> abc{std::byte{'a'}, std::byte{'b'}, std::byte{'c'}};
    // FIPS 180-2, appendix B.1.
    CHECK(sha256(abc) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("Parts count as one text, in their order")
{
    const std::vector<std::byte> all{std::byte{1}, std::byte{2}, std::byte{3}}, one{std::byte{1}},
        rest{std::byte{2}, std::byte{3}};
    CHECK(sha256({one, rest}) == sha256(all));
    CHECK(sha256({rest, one}) != sha256(all));
}
