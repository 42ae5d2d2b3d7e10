#include "common/energy/meters/core_power.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::energy;

TEST_CASE("A core's watts are refused unless they are above zero and in order")
{
    CHECK_THROWS_AS((CorePower{Watts{0}, Watts{1}, Watts{2}}), SpecError);
    CHECK_THROWS_AS((CorePower{Watts{2}, Watts{1}, Watts{3}}), SpecError);
    CHECK_THROWS_AS((CorePower{Watts{1}, Watts{3}, Watts{2}}), SpecError);
}

TEST_CASE("A core's watts are read as one figure or as a band")
{
    CHECK(parse_core_power("7.5").low() == Watts{7.5});
    CHECK(parse_core_power("7.5").high() == Watts{7.5});
    const auto band = parse_core_power("4:7:12");
    CHECK(band.low() == Watts{4});
    CHECK(band.likely() == Watts{7});
    CHECK(band.high() == Watts{12});
}

TEST_CASE("A core's watts in any other form are refused")
{
    for (const auto* text : {"", "x", "7 W", "4:7", "4:7:", ":7:12", "4:7:12:15", "-4:7:12", "nan", "4:7:inf", "12:7:4",
                             "0", "1e300", "1e7"}) {
        INFO(text);
        CHECK_THROWS_AS(parse_core_power(text), SpecError);
    }
}

TEST_CASE("The error names the option, what was given, and what is right")
{
    const std::string right = "use W or LOW:LIKELY:HIGH, as in 4:7:12, above 0 and at most 1e6, the lowest first";
    CHECK_THROWS_WITH(parse_core_power("7 W"), "--core-w: \"7 W\" is not valid; " + right);
    CHECK_THROWS_WITH(parse_core_power("7:5:3"), "--core-w: \"7:5:3\" is not valid; " + right);
    CHECK_THROWS_WITH(parse_core_power("nan"), "--core-w: \"nan:nan:nan\" is not valid; " + right);
}
