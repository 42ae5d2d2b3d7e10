#include "common/carbon/assumptions/pue.hpp"

#include <limits>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using carbon::Pue;

TEST_CASE("PUE multiplies IT energy")
{
    CHECK((Joules{100} * Pue{1.67}).count() == Approx(167));
    CHECK(Joules{100} * Pue{1} == Joules{100});
}

TEST_CASE("A PUE below 1, above 10 or not a number is refused")
{
    CHECK_THROWS_WITH(Pue{0.9}, "PUE: 0.9 is not valid; use a number from 1 to 10");
    CHECK_THROWS_AS(Pue{10.1}, SpecError);
    CHECK_THROWS_AS(Pue{std::numeric_limits<double>::quiet_NaN()}, SpecError);
    CHECK_NOTHROW(Pue{10});
}
