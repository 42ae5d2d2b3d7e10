#include "common/privacy/epsilon_spent.hpp"

#include <cmath>

#include <catch2/catch.hpp>

#include "common/privacy/gaussian_accountant.hpp"

using namespace fedgram;
using privacy::epsilon_spent;
using spec::NodeSampling;
using spec::PrivacyAccountant;

TEST_CASE("What is spent is asked of the rule's accountant", "[privacy]")
{
    const auto poisson = epsilon_spent({.participation = 0.04}, 1.5, 2250);
    CHECK(poisson.epsilon == Approx(7.32911117143).epsilon(1e-9));
    CHECK(poisson.delta == 1e-5);
    CHECK(poisson.order == 3.9);
    CHECK(poisson.accountant == "RDP, Poisson sampling");
    const auto fixed = epsilon_spent({.sampling = NodeSampling::fixed, .participation = 0.05}, 1, 100);
    CHECK(fixed.epsilon == Approx(34.26353644).epsilon(1e-9));
    CHECK(fixed.accountant == "RDP, fixed cohort");
    const auto exact = epsilon_spent({.accountant = PrivacyAccountant::gaussian}, 0.7, 2);
    CHECK(exact.epsilon == Approx(10.1224946).epsilon(1e-8));
    CHECK_FALSE(exact.order);
    CHECK(exact.accountant == "exact Gaussian");
    CHECK(std::isinf(epsilon_spent({}, 0, 1).epsilon));
    CHECK(epsilon_spent({}, 0, 0).epsilon == 0);
}

TEST_CASE("A node that is replaced among all moves the sum by two clips", "[privacy]")
{
    CHECK(epsilon_spent({.accountant = PrivacyAccountant::gaussian, .sampling = NodeSampling::fixed}, 3, 10).epsilon ==
          privacy::gaussian_epsilon(1.5, 10, 1e-5));
}

TEST_CASE("An epsilon says what it takes for granted", "[privacy]")
{
    CHECK(epsilon_spent({.participation = 0.1}, 1, 1).assumptions ==
          "Holds where each node takes part in each round by a coin of its own, neighbours differ by one node added or "
          "removed, the server draws the noise and alone sees single updates, and the seed is secret: a published seed "
          "voids the guarantee.");
    CHECK(epsilon_spent({.sampling = NodeSampling::fixed, .participation = 0.1}, 1, 1)
              .assumptions.find("a cohort of fixed size without replacement, neighbours differ by one node replaced by "
                                "another") != std::string::npos);
    CHECK(epsilon_spent({}, 1, 1).assumptions.find("every node takes part in every round, neighbours differ by one "
                                                   "node added or removed") != std::string::npos);
}

TEST_CASE("An epsilon says who clips, what the server sees, and how much noise that makes", "[privacy]")
{
    using privacy::Clipping;
    const auto assumptions = [](Clipping clipping) {
        return epsilon_spent({.participation = 0.1, .clipping = clipping}, 1, 1).assumptions;
    };
    const std::string by_server =
        "the server draws the noise and alone sees single updates, and the seed is secret: a "
        "published seed voids the guarantee.";
    CHECK_THAT(assumptions(Clipping::server), Catch::EndsWith(by_server));
    CHECK_THAT(assumptions(Clipping::adaptive),
               Catch::EndsWith(by_server + " The noise multiplier z is of two sums together: with n = q N, that of the "
                                           "updates has noise of (z^-2 - (n / 10)^-2)^(-1/2) clips, that of the bits "
                                           "which move the clip noise of n / 20."));
    CHECK_THAT(assumptions(Clipping::nodes),
               !Catch::Contains("single updates") &&
                   Catch::EndsWith("each node clips its update before it is masked, the server draws the noise and "
                                   "alone sees a round's sum without it, and the seed is secret: a published seed "
                                   "voids the guarantee. The noise is z clips, and z sqrt(parameters) / "
                                   "2^(fraction_bits + 1) for what rounding to fixed point may add to an update's "
                                   "norm; z is the noise multiplier."));
}
