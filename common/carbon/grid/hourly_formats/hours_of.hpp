#pragma once

#include <chrono>
#include <optional>

#include "common/carbon/grid/hourly_formats/hour_means.hpp"
#include "common/carbon/grid/hourly_formats/stated_series.hpp"

namespace fedgram::carbon {

/// The hours of what a file states, in UTC. Finer steps are averaged, each hour over its time; where the file's clock
/// is no whole number of hours ahead of UTC, an hour is the mean of the two that it lies in. What makes no whole hour
/// at the beginning or the end is left out. A gap, or a value that isn't there, is filled where it is no longer than
/// `fill_gaps`: at each step with what lies on the straight line between the values on both sides.
///
/// Throws DataError with the place and the way out: no value, a time twice or out of order, steps of more than an hour
/// or that don't divide it, a time that is on no step, a gap that isn't filled, no whole hour. An hour that a clock
/// skips or repeats whose zone was stated apart is never filled: that is what daylight saving does, and every hour
/// behind it would be another.
[[nodiscard]] MadeHours hours_of(const StatedSeries& stated, std::optional<std::chrono::minutes> fill_gaps);

}  // namespace fedgram::carbon
