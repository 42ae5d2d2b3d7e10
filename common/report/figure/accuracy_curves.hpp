#pragma once

#include <span>
#include <string>

#include "common/report/figure/figure.hpp"
#include "common/report/figure/plotted_run.hpp"

namespace fedgram::report {

// Test accuracy over what it took. All throw SpecError for a run of whose rounds none has an accuracy.

/// A curve for each training.
[[nodiscard]] Figure accuracy_by_rounds(std::span<const PlottedRun> runs);
/// A curve for each training on each device: PUE and grid make none faster.
[[nodiscard]] Figure accuracy_by_time(std::span<const PlottedRun> runs);
/// A curve for each modelled column.
[[nodiscard]] Figure accuracy_by_joules(std::span<const PlottedRun> runs);
/// The same, in the first country. Throws SpecError where that isn't the same for all runs.
[[nodiscard]] Figure accuracy_by_grams(std::span<const PlottedRun> runs);

/// The name of the country that stands first in the tables of all runs. Throws SpecError where it isn't the same one.
[[nodiscard]] const std::string& first_country(std::span<const PlottedRun> runs);

}  // namespace fedgram::report
