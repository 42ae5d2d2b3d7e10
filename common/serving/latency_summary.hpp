#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "common/serving/batch_means.hpp"
#include "common/serving/latency_record.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::serving {

/// A percentile, and whether there are enough requests for it.
struct Percentile {
    unsigned percent = 50;
    std::uint64_t requests = 0;      ///< of which it is
    std::uint64_t needed = 0;        ///< by `requests_needed(percent, 1)`
    std::optional<Seconds> value{};  ///< by nearest rank, at most 1/1024 too high; nothing of too few
};

struct LatencySummary {
    std::uint64_t requests = 0;
    std::optional<Seconds> mean{};            ///< exact; nothing of no request
    std::optional<Seconds> standard_error{};  ///< of the mean; nothing of fewer than 32
    std::array<Percentile, 4> percentiles{};  ///< 50, 90, 95, 99
};

/// `means` has the same latencies.
[[nodiscard]] LatencySummary latency_summary(const LatencyRecord& latencies, const BatchMeans& means);

}  // namespace fedgram::serving
