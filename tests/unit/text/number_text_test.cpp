#include "common/text/number_text.hpp"

#include <catch2/catch.hpp>

using namespace fedgram::text;

TEST_CASE("Three digits count, whatever the size")
{
    CHECK(significant(0) == "0");
    CHECK(significant(0.012345) == "0.0123");
    CHECK(significant(0.5) == "0.500");
    CHECK(significant(1.2) == "1.20");
    CHECK(significant(9.996) == "10.0");
    CHECK(significant(384.4) == "384");
    CHECK(significant(12345) == "12300");
    CHECK(significant(0.000001234) == "0.00000123");
}

TEST_CASE("An accuracy below the target never reads like the target")
{
    CHECK(percent(0.9) == "90.0 %");
    CHECK(percent(0.89999) == "89.9 %");
    CHECK(percent(0.8714) == "87.1 %");
    CHECK(percent(1) == "100.0 %");
}

TEST_CASE("The shortest text is the number as one would write it")
{
    CHECK(shortest(1.67) == "1.67");
    CHECK(shortest(20) == "20");
}
