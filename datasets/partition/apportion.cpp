#include "datasets/partition/apportion.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fedgram::datasets {

std::vector<std::uint32_t> apportion(std::uint32_t total, std::span<const double> weights)
{
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    std::vector<std::uint32_t> counts(weights.size());
    std::vector<double> fractions(weights.size());
    std::uint32_t left = total;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const double quota = weights[i] / sum * total;
        // Rounding may lift the sum of the quotas just above the total: then no more is given than is left.
        counts[i] = std::min(left, static_cast<std::uint32_t>(std::floor(quota)));
        fractions[i] = quota - counts[i];
        left -= counts[i];
    }
    std::vector<std::size_t> by_fraction(weights.size());
    std::iota(by_fraction.begin(), by_fraction.end(), std::size_t{0});
    std::stable_sort(by_fraction.begin(), by_fraction.end(),
                     [&](std::size_t a, std::size_t b) { return fractions[a] > fractions[b]; });
    for (std::size_t i = 0; i < left; ++i) ++counts[by_fraction[i % by_fraction.size()]];
    return counts;
}

std::vector<std::uint32_t> apportion_evenly(std::uint32_t total, std::uint32_t parts)
{
    std::vector<std::uint32_t> counts(parts, total / parts);
    std::fill_n(counts.begin(), total % parts, total / parts + 1);
    return counts;
}

}  // namespace fedgram::datasets
