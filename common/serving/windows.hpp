#pragma once

#include <cstddef>
#include <span>

#include "common/serving/latency_record.hpp"
#include "common/serving/nanoseconds.hpp"

namespace fedgram::serving {

/// A stretch of a measurement, with the requests that were answered in it, whenever they began.
struct Window {
    Nanoseconds length;  ///< above 0
    LatencyRecord latencies{};

    [[nodiscard]] double per_second() const;
};

/// Where a measurement stands.
enum class Stability {
    open,      ///< go on with another window
    stable,    ///< the last three agree: they are the result
    unstable,  ///< there are ten, and never did three in a row agree
};

inline constexpr std::size_t agreeing_windows = 3;
inline constexpr std::size_t most_windows = 10;
inline constexpr double largest_ratio = 1.10;

/// The rule of NVIDIA's perf_analyzer: three windows in a row agree when the greatest throughput is at most 1.10 times
/// the least, and so is the mean latency. A window without an answer agrees with none. To be asked after each window.
[[nodiscard]] Stability stability(std::span<const Window> windows);

/// Several as one.
[[nodiscard]] Window merged(std::span<const Window> windows);

}  // namespace fedgram::serving
