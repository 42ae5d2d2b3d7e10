#include "common/privacy/gaussian_accountant.hpp"

#include <cassert>
#include <cmath>
#include <limits>

#include "common/privacy/log_domain.hpp"

namespace fedgram::privacy {

double gaussian_log_delta(double sigma, double epsilon)
{
    const double first = log_normal_probability(0.5 / sigma - epsilon * sigma);
    const double second = epsilon + log_normal_probability(-0.5 / sigma - epsilon * sigma);
    return first + std::log(-std::expm1(second - first));
}

double gaussian_epsilon(double noise_multiplier, std::uint32_t rounds, double delta)
{
    assert(noise_multiplier >= 0 && delta > 0 && delta < 1);
    if (rounds == 0) return 0;
    const double sigma = noise_multiplier / std::sqrt(rounds);
    const double rho = 0.5 / sigma / sigma;
    const double log_delta = std::log(delta);
    // Of rho-concentrated differential privacy (Bun and Steinke 2016, arXiv:1605.02065, proposition 1.3): more than
    // that it isn't.
    double high = rho + 2 * std::sqrt(-rho * log_delta);
    if (!std::isfinite(high)) return std::numeric_limits<double>::infinity();
    double low = 0;
    if (gaussian_log_delta(sigma, low) <= log_delta) return low;
    while (true) {
        const double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high) return high;
        (gaussian_log_delta(sigma, middle) > log_delta ? low : high) = middle;
    }
}

}  // namespace fedgram::privacy
