#pragma once

#include <string>

#include "common/report/live/live_run.hpp"

namespace fedgram::report {

/// The run in the text format of Prometheus (Exposition formats, version 0.0.4): a metric for each figure, with HELP
/// and TYPE, in base units. What isn't known has no line. A counter falls where a resumed run does rounds anew.
[[nodiscard]] std::string metrics_text(const LiveRun& run);

}  // namespace fedgram::report
