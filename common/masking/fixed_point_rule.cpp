#include "common/masking/fixed_point_rule.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace fedgram::masking {

FixedPointRule::FixedPointRule(const spec::SecureAggregation& aggregation, std::uint64_t most_total_weight)
    : ring_{spec::ring_bits(aggregation, most_total_weight).total()},
      limit_{aggregation.value_limit},
      steps_{std::ldexp(1.0, static_cast<int>(aggregation.fraction_bits))}
{
}

std::optional<FixedPointRule::Encoded> FixedPointRule::encoded(std::span<const float> update,
                                                               std::span<const float> global,
                                                               std::uint64_t weight) const
{
    assert(update.size() == global.size());
    Encoded result{std::vector<std::uint64_t>(update.size())};
    bool numbers = true;
    for (std::size_t i = 0; i < update.size(); ++i) {
        const double difference = static_cast<double>(update[i]) - static_cast<double>(global[i]);
        const double within = std::clamp(difference, -limit_, limit_);
        numbers &= difference == difference;
        result.clipped += static_cast<std::size_t>(within != difference);
        // Of NaN it is some number, which is thrown away. The product is modulo 2^64, where negative numbers are their
        // two's complement.
        result.words[i] = static_cast<std::uint64_t>(std::llrint(within * steps_)) * weight;
    }
    if (!numbers) return std::nullopt;
    return result;
}

std::vector<double> FixedPointRule::moved(std::span<const float> global, std::span<const std::int64_t> sum,
                                          double divisor) const
{
    assert(global.size() == sum.size() && divisor > 0);
    std::vector<double> result(global.begin(), global.end());
    for (std::size_t i = 0; i < result.size(); ++i) result[i] += static_cast<double>(sum[i]) / steps_ / divisor;
    return result;
}

}  // namespace fedgram::masking
