#include "common/spec/number_range.hpp"

#include <catch2/catch.hpp>
#include <limits>

using fedgram::spec::NumberRange;

TEST_CASE("A range holds its limits where they are included, and never what is no number")
{
    const NumberRange closed{1, NumberRange::Low::included, 2};
    const NumberRange open{1, NumberRange::Low::excluded, 2, NumberRange::High::excluded};
    CHECK((closed.contains(1) && closed.contains(2) && !closed.contains(2.5) && !closed.contains(0.5)));
    CHECK((!open.contains(1) && !open.contains(2) && open.contains(1.5)));
    CHECK_FALSE(NumberRange{}.contains(std::numeric_limits<double>::quiet_NaN()));
    CHECK_FALSE(NumberRange{}.contains(std::numeric_limits<double>::infinity()));
}

TEST_CASE("A range says what it holds, in its own words where it has some")
{
    CHECK(NumberRange{}.text() == "a number of at least 0");
    CHECK(NumberRange{.low_end = NumberRange::Low::excluded}.text() == "a number above 0");
    CHECK(NumberRange{1, NumberRange::Low::included, 1e6}.text() == "a number from 1 to 1000000");
    CHECK(NumberRange{0, NumberRange::Low::excluded, 1, NumberRange::High::excluded}.text() ==
          "a number above 0 to below 1");
    CHECK(NumberRange{.words = "a share"}.text() == "a share");
}
