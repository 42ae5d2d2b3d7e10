#pragma once

#include <optional>

#include "common/serving/latency_record.hpp"
#include "common/serving/latency_summary.hpp"
#include "experiments/analysis/measurement.hpp"

namespace fedgram::experiments {

/// In milliseconds. `waits` are those of the same answers in the queue.
[[nodiscard]] inline analysis::Latency latency_of(const serving::LatencySummary& summary,
                                                  const serving::LatencyRecord& waits)
{
    const auto of = [](std::optional<Seconds> seconds) {
        return seconds ? std::optional{seconds->count() * 1e3} : std::nullopt;
    };
    const auto& [p50, p90, p95, p99] = summary.percentiles;
    return {.requests = summary.requests,
            .p50_ms = of(p50.value),
            .p90_ms = of(p90.value),
            .p95_ms = of(p95.value),
            .p99_ms = of(p99.value),
            .mean_ms = of(summary.mean),
            .mean_queue_ms = waits.count() > 0 ? of(waits.mean()) : std::nullopt};
}

}  // namespace fedgram::experiments
