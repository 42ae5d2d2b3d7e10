#include "coordinator/aggregation/median.hpp"

namespace fedgram::coordinator {

float Median::combined(std::span<const float> sorted) const
{
    const auto upper = sorted[sorted.size() / 2];
    if (sorted.size() % 2 == 1) return upper;
    const auto lower = sorted[sorted.size() / 2 - 1];
    return static_cast<float>((static_cast<double>(lower) + static_cast<double>(upper)) / 2);
}

std::uint64_t Median::combining_flops(std::uint64_t updates) const { return updates % 2 == 1 ? 0 : 2; }

}  // namespace fedgram::coordinator
