#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/serving/nanoseconds.hpp"

namespace fedgram::serving {

/// Any number of latencies in less than 1 MiB: how many fell into each bucket. Up to 2,047 ns a bucket is a nanosecond,
/// above at most 1/1024 of what it holds wide (after HdrHistogram, Gil Tene, hdrhistogram.org). Sum, least and greatest
/// are exact.
class LatencyRecord {
public:
    /// A negative latency is taken for 0.
    void add(Nanoseconds latency);
    void add(const LatencyRecord& other);

    [[nodiscard]] std::uint64_t count() const { return count_; }
    /// Nothing has to be there: 0 then.
    [[nodiscard]] Seconds mean() const;
    [[nodiscard]] Nanoseconds greatest() const { return Nanoseconds{static_cast<std::int64_t>(greatest_)}; }

    /// The percentile by nearest rank: the ceil(percent count / 100)-th smallest. Never lower than it is, and at most
    /// 1/1024 higher. `percent` is from 1 to 100, and one latency at least has to be there.
    [[nodiscard]] Nanoseconds percentile(unsigned percent) const;

private:
    __extension__ using Sum = unsigned __int128;

    std::vector<std::uint64_t> buckets_;
    std::uint64_t count_ = 0;
    std::uint64_t greatest_ = 0;
    Sum sum_ = 0;
};

}  // namespace fedgram::serving
