#include "common/privacy/log_domain.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace fedgram::privacy {

double log_of_sum(std::span<const double> logarithms)
{
    constexpr auto infinity = std::numeric_limits<double>::infinity();
    const double largest = logarithms.empty() ? -infinity : *std::ranges::max_element(logarithms);
    if (std::isinf(largest)) return largest;
    double sum = 0;
    for (const double logarithm : logarithms) sum += std::exp(logarithm - largest);
    return largest + std::log(sum);
}

double log_expm1(double x) { return x > 1 ? x + std::log1p(-std::exp(-x)) : std::log(std::expm1(x)); }

double log1p_exp(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }

double log_normal_probability(double x)
{
    if (x > 0) return std::log1p(-std::erfc(x / std::numbers::sqrt2) / 2);
    if (x > -30) return std::log(std::erfc(-x / std::numbers::sqrt2) / 2);
    // erfc would underflow. The asymptotic series phi(x) / |x| (1 - 1/x^2 + 3/x^4 - 15/x^6 + ...), Abramowitz and
    // Stegun 26.2.12: the first term that is left out is below 2e-14.
    const double y = 1 / (x * x);
    const double series = -y * (1 - 3 * y * (1 - 5 * y * (1 - 7 * y * (1 - 9 * y))));
    return -x * x / 2 - std::log(-x) - std::log(2 * std::numbers::pi) / 2 + std::log1p(series);
}

}  // namespace fedgram::privacy
