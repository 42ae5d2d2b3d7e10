#pragma once

#include "common/serving/latency_summary.hpp"
#include "experiments/analysis/measurement.hpp"

namespace fedgram::experiments {

/// In milliseconds.
[[nodiscard]] inline analysis::Latency latency_of(const serving::LatencySummary& summary)
{
    const auto milliseconds = [](const serving::Percentile& percentile) {
        return percentile.value ? std::optional{percentile.value->count() * 1e3} : std::nullopt;
    };
    const auto& [p50, p90, p95, p99] = summary.percentiles;
    return {summary.requests, milliseconds(p50), milliseconds(p90), milliseconds(p95), milliseconds(p99)};
}

}  // namespace fedgram::experiments
