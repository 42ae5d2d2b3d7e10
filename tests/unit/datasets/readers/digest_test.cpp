#include "datasets/readers/digest.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace fedgram::datasets;

TEST_CASE("A digest has the value of its standard", "[datasets]")
{
    const std::vector<std::uint8_t> abc{'a', 'b', 'c'};
    // FIPS 180-2, appendix B.1.
    CHECK(sha256({abc}) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("Parts count as one text, in their order", "[datasets]")
{
    const std::vector<std::uint8_t> all{1, 2, 3}, one{1}, rest{2, 3};
    CHECK(sha256({one, rest}) == sha256({all}));
    CHECK(sha256({rest, one}) != sha256({all}));
}
