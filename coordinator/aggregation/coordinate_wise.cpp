#include "coordinator/aggregation/coordinate_wise.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

namespace fedgram::coordinator {

void CoordinateWise::add(std::span<const float> update, std::uint64_t)
{
    assert(update.size() == parameters_);
    updates_.emplace_back(update.begin(), update.end());
}

std::vector<float> CoordinateWise::result() const
{
    assert(!updates_.empty());
    std::vector<float> result(parameters_);
    std::vector<float> values(updates_.size());
    for (std::size_t i = 0; i < parameters_; ++i) {
        for (std::size_t j = 0; j < updates_.size(); ++j) values[j] = updates_[j][i];
        std::sort(values.begin(), values.end());
        // Equal values have equal bytes but for -0 and 0, whose order is that of arrival: adding 0 makes both 0.
        result[i] = combined(values) + 0.0f;
    }
    return result;
}

std::vector<double> CoordinateWise::precise_result() const
{
    const auto rounded = result();
    return {rounded.begin(), rounded.end()};
}

energy::Work CoordinateWise::work() const
{
    const std::uint64_t updates = updates_.size();
    energy::Work work;
    if (updates == 0) return work;
    const auto comparisons = updates * static_cast<std::uint64_t>(std::bit_width(updates - 1));
    work.steps = updates;
    work.flops = parameters_ * (comparisons + combining_flops(updates));
    work.memory_bytes = parameters_ * (8 * updates + 4);
    work.kernels = updates;
    return work;
}

}  // namespace fedgram::coordinator
