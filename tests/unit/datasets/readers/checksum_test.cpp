#include "datasets/readers/checksum.hpp"

#include <catch2/catch.hpp>

#include <initializer_list>
#include <vector>

using namespace fedgram::datasets;
using Bytes = std::vector<std::uint8_t>;

namespace {

Checksum checksum(std::initializer_list<Bytes> parts)
{
    Checksumming checksumming;
    for (const auto& part : parts) checksumming.add(part);
    return checksumming.sum();
}

}  // namespace

TEST_CASE("A checksum of nothing is XXH3's", "[datasets]")
{
    // As `xxhsum -H2 /dev/null` prints it.
    CHECK(checksum({}) == Checksum{0x99, 0xaa, 0x06, 0xd3, 0x01, 0x47, 0x98, 0xd8,  //
                                   0x60, 0x01, 0xc3, 0x24, 0x46, 0x8d, 0x49, 0x7f});
}

TEST_CASE("A checksum takes parts for one text, in their order", "[datasets]")
{
    CHECK(checksum({{1}, {}, {2, 3}}) == checksum({{1, 2, 3}}));
    CHECK(checksum({{2, 3}, {1}}) != checksum({{1, 2, 3}}));
}
