#include "common/energy/meters/power_integral.hpp"

#include <limits>

#include <catch2/catch.hpp>

#include "tests/unit/energy/meters/fake_sysfs.hpp"

using namespace fedgram;
using namespace fedgram::energy;
using fedgram::energy::test::at;

TEST_CASE("Power is integrated by trapezoids over uneven times")
{
    PowerIntegral integral{"rail", Watts{1000}};
    integral.sample(Watts{10}, at(0));
    CHECK_FALSE(integral.joules());
    integral.sample(Watts{20}, at(2));
    integral.sample(Watts{20}, at(5));
    CHECK(integral.joules()->count() == Approx(90));  // 15 W x 2 s + 20 W x 3 s
    CHECK(integral.gaps().empty());
}

TEST_CASE("A missing sample is a gap from the value before to the one after")
{
    PowerIntegral integral{"rail", Watts{1000}};
    integral.sample(Watts{10}, at(0));
    integral.sample(Watts{10}, at(1));
    integral.sample(Attempt<Watts>::missing("gone"), at(2));
    integral.sample(Watts{30}, at(3));
    integral.sample(Watts{30}, at(4));
    CHECK(integral.joules()->count() == Approx(40));  // 10 J and 30 J; nothing between 1 s and 3 s
    REQUIRE(integral.gaps().size() == 1);
    CHECK(integral.gaps()[0].from == at(1));
    CHECK(integral.gaps()[0].until == at(3));
    CHECK(integral.gaps()[0].reason == "rail: gone");
}

TEST_CASE("A power that can't be is refused")
{
    for (const double watts : {-1.0, 1001.0, 3.69e12, std::numeric_limits<double>::quiet_NaN()}) {
        PowerIntegral integral{"rail", Watts{1000}};
        integral.sample(Watts{10}, at(0));
        integral.sample(Watts{watts}, at(1));
        CHECK_FALSE(integral.joules());
        REQUIRE(integral.gaps().size() == 1);
        CHECK(integral.gaps()[0].kind == GapKind::implausible);
    }
}
