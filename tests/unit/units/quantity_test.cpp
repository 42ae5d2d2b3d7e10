#include "common/units/quantity.hpp"

#include <catch2/catch.hpp>

#include <concepts>

using namespace fedgram;

namespace {

template <class A, class B>
concept Addable = requires(A a, B b)
{
    a + b;
};
template <class A, class B>
concept Comparable = requires(A a, B b)
{
    a < b;
};
template <class A, class B>
concept Multipliable = requires(A a, B b)
{
    a* b;
};

static_assert(Addable<Joules, Joules> && !Addable<Joules, Watts> && !Addable<Joules, double>);
static_assert(Comparable<Seconds, Seconds> && !Comparable<Seconds, Joules>);
static_assert(Multipliable<Watts, Seconds> && !Multipliable<Watts, Watts> && !Multipliable<Joules, Seconds>);
static_assert(Multipliable<Joules, GramsPerKilowattHour> && !Multipliable<Watts, GramsPerKilowattHour>);
static_assert(!std::convertible_to<double, Joules> && !std::convertible_to<Joules, double>);
static_assert(!std::convertible_to<Joules, Watts> && !std::constructible_from<Joules, Watts>);
static_assert(std::same_as<decltype(Watts{} * Seconds{}), Joules>);
static_assert(std::same_as<decltype(Joules{} * GramsPerKilowattHour{}), GramsCO2e>);

}  // namespace

TEST_CASE("Power over time is energy", "[units]")
{
    static_assert(Watts{300} * Seconds{2} == Joules{600});
    static_assert(kilowatt_hours(Joules{7.2e6}) == 2);
    static_assert(GramsCO2e{800} / Joules{7.2e6} == GramsPerKilowattHour{400});
    static_assert(Watts{1000} * Seconds{3600} == joules_per_kilowatt_hour);
    SUCCEED("checked by the compiler");
}

TEST_CASE("Energy at a grid intensity is emissions", "[units]")
{
    // 2 kWh at 400 g/kWh.
    CHECK((joules_per_kilowatt_hour * 2 * GramsPerKilowattHour{400}).count() == Approx(800));
    CHECK((Joules{0} * GramsPerKilowattHour{400}).count() == 0);
}

TEST_CASE("Quantities of one unit add, subtract, scale and compare", "[units]")
{
    Joules sum{1};
    sum += Joules{2.5};
    CHECK(sum == Joules{3.5});
    CHECK(Joules{5} - Joules{2} == Joules{3});
    CHECK(Joules{5} * 2 == Joules{10});
    CHECK(Joules{1} < Joules{2});
    CHECK(Joules{}.count() == 0);
}

TEST_CASE("Bytes are whole and count past four gigabytes", "[units]")
{
    CHECK((Bytes{3'000'000'000} + Bytes{3'000'000'000}).count() == 6'000'000'000U);
    static_assert(std::same_as<decltype(Bytes{}.count()), std::uint64_t>);
}
