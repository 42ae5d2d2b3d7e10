#include "common/privacy/rdp_accountant.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

using namespace fedgram::privacy;

namespace {

double rdp(double q, double noise_multiplier, std::uint32_t rounds, double delta)
{
    return rdp_epsilon(q, noise_multiplier, rounds, delta).epsilon;
}

/// The best of the whole orders from 2 to 256.
double of_whole_orders(double q, double noise_multiplier, std::uint32_t rounds, double delta)
{
    double best = std::numeric_limits<double>::infinity();
    for (int order = 2; order <= 256; ++order)
        best = std::min(best, epsilon_at(order, rounds * poisson_divergence(q, noise_multiplier, order), delta));
    return best;
}

}  // namespace

// dp_accounting, rdp_privacy_accountant_test.py: 50 rounds.
TEST_CASE("The divergences of single orders are the published ones", "[privacy]")
{
    const auto of_order = [](double order) { return 50 * poisson_divergence(0.01, 2.5, order); };
    CHECK(of_order(5) == Approx(2.18075656e-3).epsilon(1e-8));
    CHECK(of_order(50) == Approx(2.38460375e-2).epsilon(1e-8));
    CHECK(of_order(100) == Approx(167.416308).epsilon(1e-8));
    // There the series of a fractional order drops its signs, and gives a little more.
    CHECK(of_order(2.5) < 1.08548710e-3);
    CHECK(of_order(2.5) == Approx(1.08548710e-3).epsilon(1e-4));
    CHECK(of_order(1.5) < 6.70579741e-4);
    CHECK(of_order(1.5) == Approx(6.70579741e-4).epsilon(0.04));
}

// By the integral E (1 - q + q L)^order, in arbitrary precision.
TEST_CASE("The divergences of fractional orders are those of the integral", "[privacy]")
{
    struct Row {
        double q, noise_multiplier, order, divergence;
    };
    for (const auto& [q, noise_multiplier, order, divergence] : std::vector<Row>{{0.01, 2.5, 1.5, 1.30014179437608e-5},
                                                                                 {0.01, 2.5, 2.5, 2.17083611383625e-5},
                                                                                 {0.04, 1.5, 3.9, 0.00183320219958386},
                                                                                 {0.01, 0.7, 4.4, 0.00455527330119059},
                                                                                 {0.2, 0.8, 1.1, 0.0526960710543099},
                                                                                 {0.9, 1, 2.3, 1.01811448362853},
                                                                                 {0.5, 0.3, 10.9, 59.7923935082724},
                                                                                 {0.05, 20, 7.3, 2.28553835815028e-5},
                                                                                 {0.001, 1, 1.1, 9.42781920113499e-7},
                                                                                 {0.3, 5, 1.7, 0.00310832228867076}})
        CHECK(poisson_divergence(q, noise_multiplier, order) == Approx(divergence).epsilon(1e-8));
}

TEST_CASE("ln A is convex, rises with the order, and less is spent by less sampling and more noise", "[privacy]")
{
    for (const double q : {1e-6, 1e-3, 0.1, 0.5, 0.999})
        for (const double noise_multiplier : {0.05, 0.5, 1.0, 3.0, 50.0}) {
            const auto log_a = [&](double order) {
                return (order - 1) * poisson_divergence(q, noise_multiplier, order);
            };
            for (double order = 1.5; order < 12; order += 0.25) {
                const auto middle = log_a(order);
                CHECK(middle > 0);
                // Of a smaller one chords between whole orders are taken.
                if (middle > 1e-8) CHECK(2 * middle <= (log_a(order - 0.25) + log_a(order + 0.25)) * (1 + 1e-6));
                CHECK(poisson_divergence(q, noise_multiplier, order) <
                      poisson_divergence(std::min(1.0, 1.5 * q), noise_multiplier, order) * (1 + 1e-12));
                CHECK(poisson_divergence(q, noise_multiplier, order) >
                      poisson_divergence(q, 1.5 * noise_multiplier, order));
            }
        }
}

// dp_accounting, rdp_privacy_accountant_test.py.
TEST_CASE("A divergence becomes an epsilon by the newer conversion", "[privacy]")
{
    double best = 100;
    for (int order = 2; order <= 32; ++order) best = std::min(best, epsilon_at(order, 1.1, 1e-5));
    CHECK(best == Approx(1.32783806176).epsilon(1e-11));
    // The older one, 1.1 - ln 1e-5 / 31, says more.
    CHECK(best < 1.1 - std::log(1e-5) / 31);
    CHECK(epsilon_at(2, 0, 0.9) == 0);
}

TEST_CASE("Published epsilons come out of these orders, to their digits", "[privacy]")
{
    // TF Privacy, compute_dp_sgd_privacy_test.py.
    const auto mnist = rdp_epsilon(150.0 / 60000, 1.3, 6000, 1e-5);
    CHECK(mnist.epsilon == Approx(0.7242234026109595).epsilon(1e-12));
    CHECK(mnist.order == 19.0);
    const auto long_run = rdp_epsilon(1e-3, 1.0, 30000, 1e-7);
    CHECK(long_run.epsilon == Approx(1.4154988495444842).epsilon(1e-12));
    CHECK(long_run.order == 13.0);
    // The same file, without sampling; 3.3 is between the orders of two decimals that give as much.
    const auto everyone = rdp_epsilon(1, 0.7, 2, 1e-5);
    CHECK(everyone.epsilon == Approx(10.8602036).epsilon(1e-8));
    CHECK(everyone.order == 3.3);
    CHECK(rdp(0.0064, 1.0, 782, 1e-6) == Approx(1.616).margin(0.0005));
    CHECK(rdp(0.0064, 1.0, 782, 1e-6) == Approx(1.616394).margin(5e-7));
    CHECK(rdp(1, 1.0, 5, 1e-6) == Approx(13.376379).margin(5e-7));
    // A multiplier of 2 that counts half of that noise: a factor of four lies in the convention.
    CHECK(rdp(0.0064, 2.0, 782, 1e-6) == Approx(0.4334).margin(5e-5));
    CHECK(rdp(1, 2.0, 5, 1e-6) == Approx(5.9268).margin(5e-5));
    // Opacus, tests/accountants_test.py.
    const auto opacus = rdp_epsilon(0.04, 1.5, 2250, 1e-5);
    CHECK(opacus.epsilon == Approx(7.32911117143).epsilon(1e-9));
    CHECK(opacus.order == 3.9);
    // TF Privacy has 3.2392676 here, without the signs of the series.
    const auto little_noise = rdp_epsilon(0.01, 0.7, 120, 1e-5);
    CHECK(little_noise.epsilon == Approx(3.239192).margin(5e-7));
    CHECK(little_noise.order == 4.4);
}

TEST_CASE("Whole orders alone give the reference values, and fractional ones no more", "[privacy]")
{
    struct Row {
        double q, noise_multiplier;
        std::uint32_t rounds;
        double delta, epsilon;
    };
    for (const auto& [q, noise_multiplier, rounds, delta, epsilon] :
         std::vector<Row>{{0.01, 1, 1000, 1e-6, 2.436694},
                          {0.05, 1, 100, 1e-5, 4.111652},
                          {0.1, 1, 100, 1e-5, 7.972922},
                          {0.1, 2, 100, 1e-5, 2.586652},
                          {0.5, 2, 30, 1e-3, 5.799802},
                          {1, 5, 30, 1e-3, 3.952805},
                          {0.05, 1.5, 1000, 1e-6, 6.691045},
                          {0.05, 3, 1000, 1e-6, 2.712822},
                          {0.2, 1.5, 100, 1e-6, 9.341539},
                          {0.01, 0.7, 120, 1e-5, 3.399408}}) {
        CHECK(of_whole_orders(q, noise_multiplier, rounds, delta) == Approx(epsilon).margin(6e-7));
        CHECK(rdp(q, noise_multiplier, rounds, delta) <= epsilon + 6e-7);
    }
}

// Opacus, tests/prv_accountant.py; TF Privacy's PLD.
TEST_CASE("What tighter accountants say is never more", "[privacy]")
{
    struct Row {
        double q, noise_multiplier;
        std::uint32_t rounds;
        double delta, tighter;
    };
    for (const auto& [q, noise_multiplier, rounds, delta, tighter] :
         std::vector<Row>{{0.05, 1.5, 1000, 1e-6, 6.2099692},
                          {0.05, 3, 1000, 1e-6, 2.5275743},
                          {0.2, 1.5, 100, 1e-6, 8.4989779},
                          {0.05, 1.5, 100, 1e-6, 1.9538531},
                          {0.05, 2, 100, 1e-6, 1.2836374},
                          {0.05, 3, 100, 1e-6, 0.7679338},
                          {0.2, 0.8, 100, 1e-6, 24.3336642},
                          {0.2, 2, 100, 1e-6, 5.6720556},
                          {0.2, 3, 100, 1e-6, 3.3812205},
                          {0.05, 0.8, 100, 1e-6, 6.7410519},
                          {0.001, 1.5, 1000, 1e-6, 0.0998207},
                          {0.05, 2, 1000, 1e-6, 4.1727999},
                          {0.05, 1.5, 20000, 1e-6, 38.3066179},
                          {0.001, 1.5, 50000, 1e-6, 0.7042184},
                          {0.04, 1.5, 2249, 1e-5, 6.777395712},
                          {1, 0.7, 2, 1e-5, 10.1224946},
                          {0.01, 0.7, 120, 1e-5, 2.4612381}}) {
        const auto ours = rdp(q, noise_multiplier, rounds, delta);
        CHECK(ours >= tighter);
        CHECK(ours < 1.35 * tighter + 0.25);
    }
}

TEST_CASE("Nothing is spent by nobody and in no round, and all of it without noise", "[privacy]")
{
    CHECK(rdp_epsilon(0, 1, 100, 1e-5).epsilon == 0);
    CHECK(rdp_epsilon(0, 0, 100, 1e-5).epsilon == 0);
    CHECK(rdp_epsilon(0.5, 0, 0, 1e-5).epsilon == 0);
    CHECK(std::isinf(rdp_epsilon(0.5, 0, 1, 1e-5).epsilon));
    CHECK(std::isinf(rdp_epsilon(1, 0, 1, 1e-5).epsilon));
    CHECK_FALSE(rdp_epsilon(0.5, 0, 1, 1e-5).order);
    CHECK(rdp(0.5, 1e9, 1, 0.5) == 0);
}

TEST_CASE("Extreme rates and noises give finite numbers on the safe side", "[privacy]")
{
    for (const double q : {1e-300, 1e-12, 1 - 1e-16, 1.0})
        for (const double noise_multiplier : {1e-5, 1e-2, 1.0, 1e12}) {
            const auto epsilon = rdp(q, noise_multiplier, 1, 1e-5);
            CHECK(std::isfinite(epsilon));
            CHECK(epsilon >= 0);
            CHECK(epsilon <= rdp(1, noise_multiplier, 1, 1e-5) * (1 + 1e-9));
        }
}
