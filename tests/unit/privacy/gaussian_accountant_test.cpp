#include "common/privacy/gaussian_accountant.hpp"

#include <cmath>

#include <catch2/catch.hpp>

#include "common/privacy/rdp_accountant.hpp"

using namespace fedgram::privacy;

TEST_CASE("The Gaussian mechanism's delta is the published one", "[privacy]")
{
    // dp_accounting's PLD test has .126936.
    CHECK(std::exp(gaussian_log_delta(1, 1)) == Approx(0.1269367375).epsilon(1e-9));
    // By hand: without an epsilon it is the distance of the two distributions, 2 Phi(1/2) - 1.
    CHECK(std::exp(gaussian_log_delta(1, 0)) == Approx(0.3829249225).epsilon(1e-9));
}

TEST_CASE("Full participation's exact epsilons are the published ones, and below RDP's", "[privacy]")
{
    CHECK(gaussian_epsilon(0.7, 2, 1e-5) == Approx(10.1224946).epsilon(1e-8));
    CHECK(gaussian_epsilon(5, 30, 1e-3) == Approx(3.5145498).margin(5e-8));
    for (const double noise_multiplier : {0.01, 0.3, 1.0, 7.0, 40.0})
        for (const double delta : {1e-12, 1e-5, 1e-2}) {
            const auto exact = gaussian_epsilon(noise_multiplier, 10, delta);
            CHECK(exact < rdp_epsilon(1, noise_multiplier, 10, delta).epsilon);
            CHECK(gaussian_log_delta(noise_multiplier / std::sqrt(10), exact) == Approx(std::log(delta)).epsilon(1e-9));
        }
}

// Arbitrary precision.
TEST_CASE("Large epsilons and tiny deltas are solved for, too", "[privacy]")
{
    CHECK(gaussian_epsilon(0.01, 1, 1e-10) == Approx(5635.1646376284).epsilon(1e-12));
    CHECK(gaussian_epsilon(1, 1, 1e-300) == Approx(37.448847912139).epsilon(1e-12));
}

TEST_CASE("Full participation spends nothing in no round or with enough noise, and all of it without", "[privacy]")
{
    CHECK(gaussian_epsilon(0, 0, 1e-5) == 0);
    CHECK(gaussian_epsilon(1e6, 1, 1e-5) == 0);
    CHECK(std::isinf(gaussian_epsilon(0, 1, 1e-5)));
    CHECK(std::isinf(gaussian_epsilon(1e-200, 1, 1e-5)));
}
