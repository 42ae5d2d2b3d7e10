#pragma once

#include <string>
#include <string_view>

#include "common/report/figure/figure.hpp"

namespace fedgram::report {

/// What each such file begins with.
inline constexpr std::string_view csv_heading = "run,name,missed,";

/// The figure's numbers, unrounded, with a heading; a row for each point, value or part. What there is no number for is
/// an empty field. `missed` says how a training missed its target.
[[nodiscard]] std::string figure_csv(const Figure& figure);

}  // namespace fedgram::report
