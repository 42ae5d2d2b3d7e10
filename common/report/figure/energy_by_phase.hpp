#pragma once

#include <span>

#include "common/report/figure/figure.hpp"
#include "common/report/figure/plotted_run.hpp"

namespace fedgram::report {

/// What each column's energy went to; the parts add up to what its cells are priced from. Of a training that missed its
/// target, what it spent.
[[nodiscard]] Figure energy_by_phase(std::span<const PlottedRun> runs);

}  // namespace fedgram::report
