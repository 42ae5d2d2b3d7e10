#pragma once

#include "common/units/quantity.hpp"
#include "experiments/loading/load_result.hpp"

namespace fedgram::experiments {

// How a row beside the search's is measured on this machine: at a rate, for a time that is set beforehand. Windows
// agree seldom at a low rate, and would take minutes.

inline constexpr Seconds longest_row{30};

/// In which as many answers come as a p99 needs, with 15 in 100 to spare for random gaps: at least `shortest`, and no
/// more than longest_row unless that is shorter. `per_second` is above 0.
[[nodiscard]] Seconds time_of_row(double per_second, Seconds shortest);

/// Whether nothing was refused and, of what was due in the windows, at least 95 in 100 were answered in them.
[[nodiscard]] bool keeps_up(const LoadResult& result);

}  // namespace fedgram::experiments
