#include "common/privacy/discrete_gaussian.hpp"

#include <cmath>
#include <map>
#include <vector>

#include <catch2/catch.hpp>

using namespace fedgram;
using privacy::discrete_gaussian;

namespace {

std::vector<std::int64_t> draws_of(std::uint64_t sigma, int count)
{
    Stream stream{1, Purpose::privacy_noise, sigma};
    std::vector<std::int64_t> draws;
    for (int i = 0; i < count; ++i) draws.push_back(discrete_gaussian(stream, sigma));
    return draws;
}

}  // namespace

// The draws of an independent transcription to Python.
TEST_CASE("A seed means the same noise for ever", "[privacy]")
{
    CHECK(draws_of(1000, 6) == std::vector<std::int64_t>{-2475, 769, 1051, -136, 1809, 1109});
    CHECK(draws_of(std::uint64_t{1} << 40, 2) == std::vector<std::int64_t>{-475376859387, 525869460966});
}

TEST_CASE("Noise has no mean, and the variance of its sigma", "[privacy]")
{
    for (const std::uint64_t sigma : {std::uint64_t{3}, std::uint64_t{1000}, privacy::most_grid_units}) {
        constexpr int count = 60000;
        double sum = 0;
        double squares = 0;
        double fourth = 0;
        for (const auto draw : draws_of(sigma, count)) {
            const double x = static_cast<double>(draw) / static_cast<double>(sigma);
            sum += x;
            squares += x * x;
            fourth += x * x * x * x;
        }
        // Four standard deviations: 1 / sqrt n, sqrt (2 / n), sqrt (96 / n).
        CHECK(sum / count == Approx(0).margin(4 * std::sqrt(1.0 / count)));
        CHECK(squares / count == Approx(1).margin(4 * std::sqrt(2.0 / count)));
        CHECK(fourth / count == Approx(3).margin(4 * std::sqrt(96.0 / count)));
    }
}

TEST_CASE("Noise of a small sigma has the probabilities of the discrete Gaussian", "[privacy]")
{
    for (const std::uint64_t sigma : {1, 2, 5}) {
        const auto weight = [&](std::int64_t k) {
            const double x = static_cast<double>(k) / static_cast<double>(sigma);
            return std::exp(-x * x / 2);
        };
        double total = 0;
        for (std::int64_t k = -100; k <= 100; ++k) total += weight(k);
        constexpr int count = 100000;
        std::map<std::int64_t, int> seen;
        for (const auto draw : draws_of(sigma, count)) ++seen[draw];
        // Chi-square over the values of which ten draws are expected at least, and one cell for the rest.
        double chi_square = 0;
        int cells = 0;
        double expected_rest = count;
        int rest = count;
        for (std::int64_t k = -100; k <= 100; ++k) {
            const double expected = count * weight(k) / total;
            if (expected < 10) continue;
            chi_square += (seen[k] - expected) * (seen[k] - expected) / expected;
            expected_rest -= expected;
            rest -= seen[k];
            ++cells;
        }
        chi_square += (rest - expected_rest) * (rest - expected_rest) / expected_rest;
        // Mean `cells`, variance 2 x cells: four standard deviations.
        CHECK(chi_square < cells + 4 * std::sqrt(2.0 * cells));
        CHECK(cells > 6);
    }
}

TEST_CASE("Noise of no sigma is none", "[privacy]") { CHECK(draws_of(0, 3) == std::vector<std::int64_t>{0, 0, 0}); }
