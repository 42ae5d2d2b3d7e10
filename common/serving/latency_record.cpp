#include "common/serving/latency_record.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

namespace fedgram::serving {

namespace {

// A value keeps its first 11 bits: 1,024 buckets for each power of two. The buckets of each follow on those before.
constexpr unsigned kept_bits = 11;
constexpr std::uint64_t half = 1U << (kept_bits - 1);

unsigned dropped_bits(std::uint64_t value)
{
    const auto width = static_cast<unsigned>(std::bit_width(value));
    return width > kept_bits ? width - kept_bits : 0;
}

std::size_t bucket_of(std::uint64_t value)
{
    const auto dropped = dropped_bits(value);
    return dropped * half + (value >> dropped);
}

std::uint64_t greatest_of(std::size_t bucket)
{
    if (bucket < 2 * half) return bucket;
    const auto dropped = bucket / half - 1;
    return ((bucket - dropped * half + 1) << dropped) - 1;
}

}  // namespace

void LatencyRecord::add(Nanoseconds latency)
{
    const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(latency.count(), 0));
    const auto bucket = bucket_of(value);
    if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
    ++buckets_[bucket];
    ++count_;
    sum_ += value;
    greatest_ = std::max(greatest_, value);
}

void LatencyRecord::add(const LatencyRecord& other)
{
    if (other.buckets_.size() > buckets_.size()) buckets_.resize(other.buckets_.size());
    for (std::size_t i = 0; i < other.buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
    count_ += other.count_;
    sum_ += other.sum_;
    greatest_ = std::max(greatest_, other.greatest_);
}

Seconds LatencyRecord::mean() const
{
    if (count_ == 0) return Seconds{};
    return Seconds{static_cast<double>(sum_) / static_cast<double>(count_) / nanoseconds_per_second};
}

Nanoseconds LatencyRecord::percentile(unsigned percent) const
{
    assert(count_ > 0 && percent >= 1 && percent <= 100);
    const std::uint64_t rank = count_ / 100 * percent + (count_ % 100 * percent + 99) / 100;
    std::uint64_t up_to = 0;
    std::size_t bucket = 0;
    while ((up_to += buckets_[bucket]) < rank) ++bucket;
    return Nanoseconds{static_cast<std::int64_t>(std::min(greatest_of(bucket), greatest_))};
}

}  // namespace fedgram::serving
