#pragma once

#include "experiments/analysis/goal.hpp"
#include "experiments/analyzing/analyzed_server.hpp"
#include "experiments/commands/analyze.hpp"

namespace fedgram::experiments {

/// What `fedgram analyze` looks for. Throws SpecError that names the option: of a bound that isn't above 0, and of an
/// objective or its weight that isn't known.
[[nodiscard]] analysis::Goal goal_of(const AnalyzeOptions& options);

/// Throws SpecError where a figure of the goal is known of no measurement: by such an objective all would be equally
/// good, and the first one called the best; such a constraint would never be kept.
void refuse_unknown(const analysis::Goal& goal, const AnalyzedServer& server);

}  // namespace fedgram::experiments
