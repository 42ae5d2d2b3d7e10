#include "common/statistics/censored_mean.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace fedgram::statistics {

namespace {

/// A censored value counts as above all others: where it has ended below the median, nobody knows on which side it is.
std::optional<double> median_of(std::vector<Observation> observations)
{
    std::ranges::stable_sort(observations, {}, &Observation::value);
    const auto upper = observations.size() / 2;
    const auto lower = (observations.size() - 1) / 2;
    for (std::size_t i = 0; i <= upper; ++i)
        if (!observations[i].reached) return std::nullopt;
    return (observations[lower].value + observations[upper].value) / 2;
}

}  // namespace

CensoredMean censored_mean(std::span<const Observation> observations)
{
    std::vector<double> values;
    for (const auto& observation : observations) values.push_back(observation.value);
    CensoredMean result{
        .mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size()),
        .count = values.size(),
        .reached = static_cast<std::size_t>(std::ranges::count(observations, true, &Observation::reached))};
    if (!result.is_lower_bound()) result.interval = mean_interval(values);
    result.median = median_of({observations.begin(), observations.end()});
    return result;
}

}  // namespace fedgram::statistics
