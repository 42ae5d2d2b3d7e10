#pragma once

#include <string>

#include "experiments/analysis/goal.hpp"

namespace fedgram::experiments::analysis {

/// "maximizing throughput", "minimizing memory", "weighing throughput (weight 2) and p99 latency (weight 1)".
[[nodiscard]] std::string objectives_text(const Goal& goal);

/// "p99 latency at most 15.0 ms, memory at most 512 MB"; empty where there are none.
[[nodiscard]] std::string constraints_text(const Goal& goal);

/// Both: "maximizing throughput; p99 latency at most 15.0 ms".
[[nodiscard]] std::string goal_text(const Goal& goal);

}  // namespace fedgram::experiments::analysis
