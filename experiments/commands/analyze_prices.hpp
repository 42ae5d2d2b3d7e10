#pragma once

#include "experiments/analyzing/serving_prices.hpp"
#include "experiments/commands/analyze.hpp"

namespace fedgram::experiments {

/// Whether it is a run's folder that is analyzed, and no model by its costs alone.
[[nodiscard]] bool is_run(const AnalyzeOptions& options);

/// Of a run its own assumptions, of a model the defaults, with what the options say in their place. Throws SpecError
/// where an option is wrong, DataError for a damaged run.
[[nodiscard]] ServingPrices prices_of(const AnalyzeOptions& options);

}  // namespace fedgram::experiments
