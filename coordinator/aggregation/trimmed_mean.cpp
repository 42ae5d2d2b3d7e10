#include "coordinator/aggregation/trimmed_mean.hpp"

#include <algorithm>

#include "common/learning/updates/fixed_point.hpp"

namespace fedgram::coordinator {

float TrimmedMean::combined(std::span<const float> sorted) const
{
    const auto ends = static_cast<std::size_t>(cut(sorted.size()));
    const auto middle = sorted.subspan(ends, sorted.size() - 2 * ends);
    learning::FixedPoint sum = 0;
    for (const float value : middle) sum += learning::fixed_point(value);
    return learning::quotient(sum, middle.size());
}

std::uint64_t TrimmedMean::combining_flops(std::uint64_t updates) const
{
    return updates - 2 * cut(updates);  // the additions, less one, and the division
}

std::uint64_t TrimmedMean::cut(std::uint64_t updates) const
{
    const auto share = spec::trimmed_at_each_end(trim_, static_cast<std::uint32_t>(updates));
    return std::min<std::uint64_t>(share, (updates - 1) / 2);
}

}  // namespace fedgram::coordinator
