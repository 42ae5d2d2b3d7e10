#pragma once

#include <optional>
#include <vector>

#include "common/energy/logs/power_log.hpp"

namespace fedgram::power_logs {

/// Two neighbours of a log are taken to belong together up to so many times its usual step.
inline constexpr double usual_steps = 5;

/// The median of the steps forward between neighbouring times; nothing where there are none.
[[nodiscard]] std::optional<LogTime> median_step(const std::vector<LogTime>& times);

}  // namespace fedgram::power_logs
