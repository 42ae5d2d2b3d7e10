#pragma once

#include <cstdint>

namespace fedgram::serving {

/// The fewest requests of which no more than `over`, at most 100, lie above the true percentile with a probability of
/// at most 1 %: the least n with
///
///     sum over k = 0 .. over of C(n, k) q^k (1 - q)^(n - k) <= 0.01,   q = 1 - percent / 100.
///
/// With n of them the `over`-th greatest is then no lower than the percentile with 99 % confidence: the early stopping
/// of MLPerf LoadGen (mlcommons/inference, loadgen/early_stopping.cc). With `over` 1, the fewest for any estimate: 64
/// at p90, 662 at p99. With `over` 0 the fewest to say that a limit that none exceeds is kept: 459 at p99. `percent` is
/// from 1 to 99.
[[nodiscard]] std::uint64_t requests_needed(unsigned percent, unsigned over);

}  // namespace fedgram::serving
