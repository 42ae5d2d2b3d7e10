#include "common/privacy/fixed_cohort_accountant.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <vector>

#include "common/privacy/log_domain.hpp"
#include "common/privacy/rdp_accountant.hpp"

namespace fedgram::privacy {

namespace {

// ln E (L - 1)^k for an even k, where L = exp(u / sigma - 1 / (2 sigma^2)) is the likelihood ratio of N(1, sigma^2) to
// N(0, sigma^2) and u is standard normal. As a sum of L's moments it would cancel to nothing. As an integral all is
// positive, and the trapezoidal rule is exact to the last digits: for a Gaussian times exponentials in u its error is
// of the size of e^(-2 (pi / step)^2).
//
// On either side of L = 1 the integrand has one peak, and falls off at least as e^(-w^2 / 2) at a distance of w. By its
// derivative, that on the left lies between -sqrt k and 0, that on the right between k / sigma and sqrt k more.
double log_central_moment(double k, double sigma)
{
    constexpr double step = 0.25;
    constexpr double reach = 9;  // e^(-81 / 2) is below 1e-17
    const double root = std::sqrt(k);
    std::vector<double> terms;
    const auto add = [&](double from, double to) {
        for (double place = from; place <= to; ++place) {
            const double u = place * step;
            const double log_ratio = u / sigma - 0.5 / (sigma * sigma);
            // Minus infinity where L is 1.
            const double log_distance = log_ratio > 0 ? log_expm1(log_ratio) : std::log(-std::expm1(log_ratio));
            terms.push_back(k * log_distance - u * u / 2);
        }
    };
    const double left_end = std::ceil(reach / step);
    add(std::floor(-(root + reach) / step), left_end);
    add(std::max(left_end + 1, std::floor((k / sigma - reach) / step)), std::ceil((k / sigma + root + reach) / step));
    return log_of_sum(terms) + std::log(step) - std::log(2 * std::numbers::pi) / 2;
}

/// ln A at each whole order from 0 to `largest` and one more, for 0 < q < 1: (order - 1) times the divergence.
std::vector<double> log_a_whole(double q, double sigma, std::size_t largest)
{
    std::vector<double> even_moments(largest + 3);
    for (std::size_t k = 2; k <= largest + 2; k += 2)
        even_moments[k] = log_central_moment(static_cast<double>(k), sigma);
    std::vector<double> factors(largest + 2);  // of the binomial coefficients of all orders
    std::vector<double> log_a(largest + 2);
    for (std::size_t order = 2; order < log_a.size(); ++order) {
        // E |L - 1|^order is at most the geometric mean of its even neighbours, by Cauchy and Schwarz.
        const double log_distance = (even_moments[order - order % 2] + even_moments[order + order % 2]) / 2;
        const auto size = static_cast<double>(order);
        const double log_moment = size * (size - 1) / (2 * sigma * sigma);
        factors[order] = size * std::log(q) + std::min(std::log(4) + log_distance, std::log(2) + log_moment);
        std::vector<double> terms;
        double log_binomial = std::log(size);  // order choose i, from i = 1 on
        for (std::size_t i = 2; i <= order; ++i) {
            log_binomial += std::log((size + 1) / static_cast<double>(i) - 1);
            terms.push_back(log_binomial + factors[i]);
        }
        log_a[order] = log1p_exp(log_of_sum(terms));
    }
    return log_a;
}

}  // namespace

Epsilon fixed_cohort_epsilon(double q, double noise_multiplier, std::uint32_t rounds, double delta)
{
    assert(q >= 0 && q <= 1 && noise_multiplier >= 0);
    if (q == 0 || rounds == 0) return {0, {}};
    const double sigma = noise_multiplier / 2;
    const auto orders = renyi_orders();
    // Drawing only some can't cost more than all. The bound doesn't know that of a large share.
    std::vector<double> divergences;
    for (const double order : orders) divergences.push_back(poisson_divergence(1, sigma, order));
    if (q == 1 || divergences.back() > sampling_matters_below) return best_epsilon(divergences, rounds, delta);
    const auto log_a = log_a_whole(q, sigma, static_cast<std::size_t>(orders.back()));
    for (std::size_t i = 0; i < orders.size(); ++i) {
        const auto below = static_cast<std::size_t>(orders[i]);
        const double part = orders[i] - static_cast<double>(below);
        const double chord = (1 - part) * log_a[below] + part * log_a[below + 1];
        divergences[i] = std::min(divergences[i], chord / (orders[i] - 1));
    }
    return best_epsilon(divergences, rounds, delta);
}

}  // namespace fedgram::privacy
