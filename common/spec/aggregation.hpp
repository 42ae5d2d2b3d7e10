#pragma once

#include <cstdint>

namespace fedgram::spec {

enum class AggregationKind { mean, clipped_mean, median, trimmed_mean };

/// How a round's updates become one model; coordinator/aggregator.hpp has what each kind computes. Only the fields of
/// its kind count.
struct Aggregation {
    AggregationKind kind = AggregationKind::mean;
    double max_norm = 0;  ///< clipped_mean: an update moves the global model no further, > 0
    double trim = 0.1;    ///< trimmed_mean: share cut off at each end, in [0, 0.5)
    std::uint32_t max_memory_mb =
        4096;  ///< median, trimmed_mean: what the cohort's updates may take, 1 MB = 10^6 bytes

    /// Whether the whole cohort's updates are in memory at once.
    [[nodiscard]] bool holds_updates() const
    {
        return kind == AggregationKind::median || kind == AggregationKind::trimmed_mean;
    }
};

/// How many of `updates` values a trimmed mean cuts off at each end: the share `trim` of them, rounded up, so that a
/// share above 0 cuts one at least.
[[nodiscard]] std::uint32_t trimmed_at_each_end(double trim, std::uint32_t updates);

/// Bytes of a cohort's updates: 4 for each parameter of each.
[[nodiscard]] std::uint64_t held_bytes(std::uint32_t cohort, std::uint64_t parameters);

}  // namespace fedgram::spec
