#include "common/energy/logs/usual_step.hpp"

#include <algorithm>
#include <cstddef>

namespace fedgram::power_logs {

std::optional<LogTime> median_step(const std::vector<LogTime>& times)
{
    std::vector<LogTime> steps;
    for (std::size_t i = 1; i < times.size(); ++i)
        if (times[i] > times[i - 1]) steps.push_back(times[i] - times[i - 1]);
    if (steps.empty()) return std::nullopt;
    const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
    std::nth_element(steps.begin(), middle, steps.end());
    return *middle;
}

}  // namespace fedgram::power_logs
