#include "common/text/printable.hpp"

#include <catch2/catch.hpp>

using fedgram::text::printable;

TEST_CASE("Control characters are written by their bytes, all else as it is", "[text]")
{
    CHECK(printable("a\nb\tc\x7f") == R"(a\x0ab\x09c\x7f)");
    CHECK(printable("Zürich ~ \\n") == "Zürich ~ \\n");
    CHECK(printable("").empty());
}
