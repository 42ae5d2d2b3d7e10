#pragma once

#include <optional>
#include <string>

#include "common/energy/logs/power_log.hpp"
#include "experiments/calibration/logged_work.hpp"
#include "experiments/calibration/profile_fit.hpp"

namespace fedgram::experiments {

/// Mean power over all of a log; `name` is how sources and errors name it. Throws DataError where the log has no watts.
[[nodiscard]] MeanPower power_of(const power_logs::PowerLog& log, const std::string& name);

/// What a log says of the time in which `work` was done. `offset` is how far the log's clock is ahead of the work's.
/// Throws DataError where the log covers less than half of that time, with both times; SpecError for a work with a date
/// and a log without.
[[nodiscard]] MeasuredStretch stretch_of_work(const power_logs::PowerLog& log, const std::string& name,
                                              const LoggedWork& work, power_logs::LogTime offset);

}  // namespace fedgram::experiments
