#pragma once

#include <span>
#include <vector>

#include "common/carbon/grid/hourly_series.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::carbon {

/// A round, or an evaluation interval, as the grid meets it: energy drawn evenly over virtual time.
struct LoadInterval {
    Seconds duration;
    Joules energy;
    Seconds waited{};  ///< before it, in which nothing is drawn
};

/// The energy drawn in each hour of virtual time, of intervals that follow on one another from second 0. An interval
/// without duration draws nothing, as power x time.
[[nodiscard]] std::vector<Joules> energy_by_hour(std::span<const LoadInterval> load);

/// The mean of a series, begun when the load does, weighted by the energy drawn in each hour; the series' first hour
/// where none is drawn. Throws SpecError when the load outlasts the series, with the hours that are needed and there.
[[nodiscard]] GramsPerKilowattHour hourly_intensity(const HourlySeries& series, std::span<const LoadInterval> load);

}  // namespace fedgram::carbon
