#include "common/error/cut_short.hpp"

#include <catch2/catch.hpp>

using fedgram::cut_short;

TEST_CASE("A text is cut at a character's boundary")
{
    CHECK(cut_short("abcd", 4) == "abcd");
    CHECK(cut_short("abcd", 3) == "abc...");
    // The sign of 3 bytes stands at the bytes 1 to 3.
    const std::string euro =
        "a\xE2\x82\xAC"
        "b";
    CHECK(cut_short(euro, 4) == "a\xE2\x82\xAC...");
    CHECK(cut_short(euro, 3) == "a...");
    CHECK(cut_short(euro, 2) == "a...");
    CHECK(cut_short(euro, 1) == "a...");
    CHECK(cut_short("\xE2\x82\xAC", 1) == "...");
}
