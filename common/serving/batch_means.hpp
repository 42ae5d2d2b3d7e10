#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "common/serving/nanoseconds.hpp"

namespace fedgram::serving {

/// How far the mean of latencies may be off. One latency says much about the next, so s / sqrt(n) would be far too
/// small; means of long stretches hardly know of each other (batch means: Law, Simulation Modeling and Analysis, 5th
/// ed., 9.5.3). Stretches are of equal length, and between 32 and 63 of them are full: when there are 64, each two
/// become one.
class BatchMeans {
public:
    BatchMeans() { sums_.reserve(most_stretches); }

    /// In the order of their ends.
    void add(Nanoseconds latency);

    /// The standard deviation of the full stretches' means over the root of their number; nothing of fewer than 32.
    [[nodiscard]] std::optional<Seconds> standard_error() const;

private:
    static constexpr std::size_t most_stretches = 64;

    void join_pairs();

    std::vector<double> sums_;  // ns, of the full stretches
    std::uint64_t length_ = 1;  // requests of each
    double sum_ = 0;            // of the one that isn't full
    std::uint64_t in_it_ = 0;
};

}  // namespace fedgram::serving
