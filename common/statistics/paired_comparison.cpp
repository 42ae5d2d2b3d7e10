#include "common/statistics/paired_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace fedgram::statistics {

namespace {

/// Below 0: the second takes less; above: more; 0: equal, or nobody knows.
int order_of(const ObservedPair& pair)
{
    const auto& [first, second] = pair;
    if (first.reached && second.reached) return second.value > first.value ? 1 : second.value < first.value ? -1 : 0;
    if (first.reached && second.value >= first.value) return 1;
    if (second.reached && first.value >= second.value) return -1;
    return 0;
}

/// The chance of at most `few` of `all` tosses, and of as few of the other side.
double sign_test_of(std::size_t few, std::size_t all)
{
    double chance = 0;
    double ways = 1;  // all choose k
    for (std::size_t k = 0; k <= few; ++k) {
        chance += ways;
        ways *= static_cast<double>(all - k) / static_cast<double>(k + 1);
    }
    return std::min(1.0, 2 * chance * std::pow(0.5, static_cast<double>(all)));
}

}  // namespace

PairedComparison paired_comparison(std::span<const ObservedPair> pairs)
{
    PairedComparison result{.pairs = pairs.size()};
    std::vector<double> differences;
    for (const auto& pair : pairs) {
        const int order = order_of(pair);
        ++(order > 0 ? result.more : order < 0 ? result.less : result.unknown);
        if (pair.first.reached && pair.second.reached) differences.push_back(pair.second.value - pair.first.value);
    }
    if (const auto decided = result.more + result.less; decided > 0)
        result.sign_test = sign_test_of(std::min(result.more, result.less), decided);
    if (!differences.empty() && differences.size() == pairs.size()) {
        result.mean_difference =
            std::accumulate(differences.begin(), differences.end(), 0.0) / static_cast<double>(differences.size());
        result.interval = mean_interval(differences);
    }
    return result;
}

}  // namespace fedgram::statistics
