#include "common/privacy/log_domain.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

using namespace fedgram::privacy;

// Values of an arbitrary-precision library, to 15 digits.
TEST_CASE("The logarithm of a normal probability is right from the middle to the far tail", "[privacy]")
{
    CHECK(log_normal_probability(0) == Approx(-std::log(2)).epsilon(1e-15));
    CHECK(log_normal_probability(-1) == Approx(-1.84102164500926).epsilon(1e-14));
    CHECK(log_normal_probability(3) == Approx(-0.00135080996474819).epsilon(1e-13));
    CHECK(log_normal_probability(-10) == Approx(-53.2312851505125).epsilon(1e-14));
    CHECK(log_normal_probability(-29.999) == Approx(-454.2912111961239).epsilon(1e-14));
    CHECK(log_normal_probability(-30.001) == Approx(-454.3512777154588).epsilon(1e-14));
    CHECK(log_normal_probability(-1000) == Approx(-500007.826694812).epsilon(1e-14));
}

TEST_CASE("Sums by logarithm hold what a double can't", "[privacy]")
{
    constexpr auto infinity = std::numeric_limits<double>::infinity();
    CHECK(log_of_sum(std::vector{1000.0, 1000.0, -infinity}) == Approx(1000 + std::log(2)).epsilon(1e-15));
    CHECK(log_of_sum({}) == -infinity);
    CHECK(log_of_sum(std::vector{1.0, infinity}) == infinity);
    CHECK(log_expm1(1e-20) == Approx(std::log(1e-20)));
    CHECK(log_expm1(std::log(3)) == Approx(std::log(2)));
    CHECK(log_expm1(1e4) == Approx(1e4));
    CHECK(log1p_exp(-50) == Approx(std::exp(-50)));
    CHECK(log1p_exp(std::log(3)) == Approx(std::log(4)));
    CHECK(log1p_exp(1e4) == Approx(1e4));
}
