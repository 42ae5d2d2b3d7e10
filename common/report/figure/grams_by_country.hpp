#pragma once

#include <span>

#include "common/report/figure/figure.hpp"
#include "common/report/figure/plotted_run.hpp"

namespace fedgram::report {

/// Each cell with its band: countries by columns. A training that missed its target has no result in any country.
/// Throws SpecError where none has.
[[nodiscard]] Figure grams_by_country(std::span<const PlottedRun> runs);

}  // namespace fedgram::report
