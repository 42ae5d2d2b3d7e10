#include "common/learning/torchscript/stored_entries.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/torchscript/stored_zip.hpp"

using namespace fedgram;
using namespace fedgram::learning::torchscript;
using Catch::Contains;

namespace {

std::string archive()
{
    std::string bytes;
    StoredZip zip{[&](std::string_view piece) { bytes += piece; }};
    zip.add("a", "first");
    zip.add("b", "");
    zip.finish();
    return bytes;
}

/// How many entries there are, or why they can't be told.
std::string outcome(const std::string& bytes)
{
    const std::string where = "x.pt";
    StoredEntries entries{bytes, where};
    std::size_t count = 0;
    try {
        while (entries.next()) ++count;
    } catch (const DataError& error) {
        return error.what();
    }
    return std::to_string(count);
}

}  // namespace

TEST_CASE("The entries of an archive come back in their order")
{
    const auto bytes = archive();
    const std::string where;
    StoredEntries entries{bytes, where};
    const auto first = entries.next().value();
    CHECK(first.name == "a");
    CHECK(first.content == "first");
    CHECK(entries.next().value().name == "b");
    CHECK_FALSE(entries.next());
    CHECK_FALSE(entries.next());
}

TEST_CASE("An archive that lacks any of its last bytes is refused")
{
    const auto bytes = archive();
    REQUIRE(outcome(bytes) == "2");
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        CAPTURE(length, bytes.size());
        CHECK_THAT(outcome(bytes.substr(0, length)), Contains("x.pt: is cut off"));
    }
}

TEST_CASE("An archive whose content or table of contents is altered is refused")
{
    const auto bytes = archive();
    for (const auto& altered : {bytes + "more", [&] {
                                    auto other = bytes;
                                    other[64] ^= 1;  // of the first content, which begins there
                                    return other;
                                }()})
        CHECK_THAT(outcome(altered), Contains("x.pt: is "));
    auto fewer = bytes;
    fewer[bytes.size() - 98 + 32] = 1;  // the number of entries
    CHECK_THAT(outcome(fewer), Contains("is damaged"));
    CHECK_THAT(outcome(std::string(200, 'x')), Contains("isn't a model that the native engine wrote"));
}
