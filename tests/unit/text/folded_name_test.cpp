#include "common/text/folded_name.hpp"

#include <catch2/catch.hpp>

using fedgram::text::folded_name;

TEST_CASE("A name is the same in upper and lower case, with and without accents")
{
    CHECK(folded_name("TÜRKİYE") == "turkiye");
    CHECK(folded_name("Türkiye") == "turkiye");
    CHECK(folded_name("Tu\u0308rkiye") == "turkiye");  // the accent as a character of its own
    CHECK(folded_name("São Tomé") == "sao tome");
    CHECK(folded_name("ÅLAND") == "aland");
}

TEST_CASE("Signs between words are one space; dots and apostrophes are nothing")
{
    CHECK(folded_name("U.S.A.") == "usa");
    CHECK(folded_name("Côte d\u2019Ivoire") == "cote divoire");
    CHECK(folded_name(" Guinea -  Bissau ") == "guinea bissau");
    CHECK(folded_name("Korea (South)") == "korea south");
    CHECK(folded_name("Bosnia & Herzegovina") == "bosnia and herzegovina");
}

TEST_CASE("A leading article is no part of a name")
{
    CHECK(folded_name("The Gambia") == "gambia");
    CHECK(folded_name("Theland") == "theland");
    CHECK(folded_name("the") == "the");
}

TEST_CASE("What isn't Latin stays, and a name of signs alone is empty")
{
    CHECK(folded_name("日本") == "日本");
    CHECK(folded_name("\xC3") == "\xC3");  // half a character
    CHECK(folded_name("-- .").empty());
    CHECK(folded_name("").empty());
}
