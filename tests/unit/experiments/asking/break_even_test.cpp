#include "experiments/asking/break_even.hpp"

#include <cmath>

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::experiments;

TEST_CASE("A break-even is where the ratio is 1, by the likely values and by those at the ends", "[asking]")
{
    // By hand: a / x is 1 at a.
    const auto result = break_even([](double x) { return carbon::EnergyRatio{6 / x, 3 / x, 12 / x}; }, 1, 10);
    CHECK(*result.likely.at == Approx(6));
    CHECK(*result.best.at == Approx(3));
    CHECK_FALSE(result.worst.at);
    CHECK(result.greener_above);
    CHECK(words_of(result, "emits less", "a PUE of", "") ==
          "emits less above a PUE of 6.00 (by the values within their bands that are best for it: above 3.00; that are "
          "worst: "
          "never)");

    const auto below = break_even([](double x) { return carbon::EnergyRatio{x / 2, x / 4, x}; }, 1, 10);
    CHECK(*below.likely.at == Approx(2));
    CHECK_FALSE(below.greener_above);
}

TEST_CASE("Never and always are answers", "[asking]")
{
    const auto never = break_even([](double x) { return carbon::EnergyRatio{20 / x, 5 / x, 50 / x}; }, 1, 10);
    CHECK(words_of(never, "emits less", "a PUE of", "") ==
          "never emits less, at a PUE of 1.00 to 10.0 (by the values within their bands that are best for it: above "
          "5.00; that are "
          "worst: never)");
    const auto always = break_even([](double x) { return carbon::EnergyRatio{0.1 / x, 0.01, 0.5}; }, 1, 10);
    CHECK(always.likely.always);
    CHECK_THAT(words_of(always, "emits less", "a PUE of", ""),
               Catch::StartsWith("always emits less, at a PUE of 1.00 to 10.0"));
}

TEST_CASE("Between values that were tried, the ratio is a straight line", "[asking]")
{
    const auto result = break_even_between(
        [](double x) {
            return x < 2 ? carbon::EnergyRatio{2, 2, 2} : carbon::EnergyRatio{0.5, 0.5, 0.5};
        },
        {1, 4});
    CHECK(*result.likely.at == Approx(3));  // two thirds of the way
}
