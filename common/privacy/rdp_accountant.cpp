#include "common/privacy/rdp_accountant.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <vector>

#include "common/privacy/log_domain.hpp"

namespace fedgram::privacy {

namespace {

/// ln of the k-th moment of the likelihood ratio L of N(1, sigma^2) to N(0, sigma^2) under the latter.
double log_ratio_moment(double k, double sigma) { return (k * k - k) / (2 * sigma * sigma); }

// Both below give ln A(order) for 0 < q < 1, where A = E (1 - q + q L)^order, and the divergence is ln A / (order - 1).

// The binomial sum of section 3.3. Its terms add up to 1 without the moments of L, so that A - 1 is a sum of positive
// terms, of which nothing cancels for however small a q.
double log_a_whole(double q, double sigma, int order)
{
    std::vector<double> terms;
    double log_binomial = std::log(order);  // order choose i, from i = 1 on
    for (int i = 2; i <= order; ++i) {
        log_binomial += std::log((order - i + 1.0) / i);
        terms.push_back(log_binomial + i * std::log(q) + (order - i) * std::log1p(-q) +
                        log_expm1(log_ratio_moment(i, sigma)));
    }
    return log1p_exp(log_of_sum(terms));
}

// ln A is convex in the order, as each cumulant generating function is, and 0 at 1: the chord is an upper bound.
double log_a_chord(double q, double sigma, double order)
{
    const int below = static_cast<int>(order);
    const double low = below == 1 ? 0 : log_a_whole(q, sigma, below);
    return low + (order - below) * (log_a_whole(q, sigma, below + 1) - low);
}

// The sum of a_0 - a_1 + a_2 - ..., by algorithm 1 of Cohen, Rodriguez Villegas and Zagier 2000 (Convergence
// acceleration of alternating series): the error is below 2 a_0 / 5.8^n where the terms are moments of a positive
// measure on [0, 1].
constexpr int accelerated = 24;
double alternating_sum(const std::array<double, accelerated>& terms)
{
    double d = std::pow(3 + std::sqrt(8.0), accelerated);
    d = (d + 1 / d) / 2;
    double b = -1;
    double c = -d;
    double sum = 0;
    for (int k = 0; k < accelerated; ++k) {
        c = b - c;
        sum += c * terms[static_cast<std::size_t>(k)];
        b *= (k + accelerated) * (k - accelerated) / ((k + 0.5) * (k + 1));
    }
    return sum / d;
}

// The two series of section 3.3, for the outputs below z0, where q L < 1 - q, and those above. The binomial
// coefficients of a fractional order alternate in sign behind the order. The terms there are products of moments on [0,
// 1], of Beta's and of the lesser of the two ratios'. They shrink as slowly as i^-(order + 2), hence the acceleration.
double log_a_fractional(double q, double sigma, double order)
{
    const double z0 = sigma * sigma * (std::log1p(-q) - std::log(q)) + 0.5;
    const int positive = static_cast<int>(order) + 1;
    std::vector<double> terms;
    double log_binomial = 0;
    for (int i = 0; i < positive + accelerated; ++i) {
        const double j = order - i;
        const double parts[] = {i * std::log(q) + j * std::log1p(-q) + log_ratio_moment(i, sigma) +
                                    log_normal_probability((z0 - i) / sigma),
                                j * std::log(q) + i * std::log1p(-q) + log_ratio_moment(j, sigma) +
                                    log_normal_probability((j - z0) / sigma)};
        terms.push_back(log_binomial + log_of_sum(parts));
        log_binomial += std::log(std::abs(j) / (i + 1));
    }
    const double largest = *std::ranges::max_element(terms);
    double sum = 0;
    for (int i = 0; i < positive; ++i) sum += std::exp(terms[static_cast<std::size_t>(i)] - largest);
    std::array<double, accelerated> rest;
    std::ranges::transform(terms.begin() + positive, terms.end(), rest.begin(),
                           [&](double term) { return std::exp(term - largest); });
    return largest + std::log(sum + alternating_sum(rest));
}

}  // namespace

double poisson_divergence(double q, double noise_multiplier, double order)
{
    assert(q >= 0 && q <= 1 && noise_multiplier >= 0 && order > 1);
    if (q == 0) return 0;
    // Sampling never costs more.
    const double without_sampling = order / (2 * noise_multiplier * noise_multiplier);
    if (q == 1 || without_sampling > sampling_matters_below) return without_sampling;
    const double chord = log_a_chord(q, noise_multiplier, order);
    // The series is 1 and a bit, so that of a small ln A rounding leaves nothing. 1e-9 is far below what matters: a
    // fractional order is the best one only where ln A times the rounds is of the size of ln 1 / delta.
    const bool series = order != std::floor(order) && chord > 1e-9;
    const double log_a = series ? std::min(chord, log_a_fractional(q, noise_multiplier, order)) : chord;
    return std::min(without_sampling, log_a / (order - 1));
}

Epsilon rdp_epsilon(double q, double noise_multiplier, std::uint32_t rounds, double delta)
{
    if (q == 0 || rounds == 0) return {0, {}};
    std::vector<double> divergences;
    for (const double order : renyi_orders()) divergences.push_back(poisson_divergence(q, noise_multiplier, order));
    return best_epsilon(divergences, rounds, delta);
}

}  // namespace fedgram::privacy
