#include "common/privacy/noise_calibration.hpp"

#include <limits>
#include <string>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::privacy;
using spec::NodeSampling;
using spec::PrivacyAccountant;

// Opacus, tests/accountants_test.py: 1.416 and 1.3562, found to an epsilon of 0.01 below 8.
TEST_CASE("The noise for an epsilon is the published one", "[privacy]")
{
    const PrivacyRule rule{.participation = 0.04};
    CHECK(noise_multiplier_for(rule, 8, 2250) == Approx(1.416).margin(1.5e-3));
    CHECK(noise_multiplier_for(rule, 8, 2250) < 1.4161);
    CHECK(noise_multiplier_for(rule, 8, 2000) == Approx(1.3562).margin(1.5e-3));
    CHECK(noise_multiplier_for(rule, 8, 2000) < 1.3563);
}

TEST_CASE("The noise for an epsilon spends no more than that, and a ten-thousandth less noise spends more", "[privacy]")
{
    for (const auto& rule : {PrivacyRule{.participation = 0.01}, PrivacyRule{.accountant = PrivacyAccountant::gaussian},
                             PrivacyRule{.sampling = NodeSampling::fixed, .participation = 0.1}})
        for (const double epsilon : {0.1, 3.0, 1e4}) {
            const auto noise = noise_multiplier_for(rule, epsilon, 40);
            CHECK(epsilon_spent(rule, noise, 40).epsilon <= epsilon);
            CHECK(epsilon_spent(rule, noise * (1 - 1.1e-4), 40).epsilon > epsilon);
        }
}

TEST_CASE("No noise is wanted where nothing is spent, and some epsilons are out of reach", "[privacy]")
{
    CHECK(noise_multiplier_for({.participation = 0.1}, 1, 0) == 0);
    CHECK(noise_multiplier_for({.participation = 0}, 1, 10) == 0);
    // By hand, at order 512: ln (1 - 1/512) - ln (512e-5) / 511 = -0.0019550 + 0.0103223 = 0.0083673.
    CHECK_THROWS_WITH(noise_multiplier_for({.participation = 0.1}, 0.008, 10),
                      "epsilon: 0.008 is out of reach with a delta of 1e-05; use at least 0.0084, or a larger delta");
    CHECK_THROWS_AS(noise_multiplier_for({.participation = 0.1}, 0.008, 10), SpecError);
    CHECK(noise_multiplier_for({.accountant = PrivacyAccountant::gaussian}, 1e-6, 10) > 0);
}

TEST_CASE("The rounds within a budget are the last that spend no more", "[privacy]")
{
    const PrivacyRule rule{.participation = 0.04};
    const auto rounds = rounds_within(rule, 1.5, 7.32911117143);
    CHECK(rounds >= 2249);
    CHECK(rounds <= 2250);
    CHECK(epsilon_spent(rule, 1.5, rounds).epsilon <= 7.32911117143);
    CHECK(epsilon_spent(rule, 1.5, rounds + 1).epsilon > 7.32911117143);
    CHECK(rounds_within(rule, 0, 1) == 0);
    CHECK(rounds_within(rule, 0.3, 0.1) == 0);
    CHECK(rounds_within({.participation = 0}, 1, 1) == std::numeric_limits<std::uint32_t>::max());
    // Noise for a thousand rounds is enough for a thousand.
    CHECK(rounds_within(rule, noise_multiplier_for(rule, 2, 1000), 2) == 1000);
}
