#include "common/serving/batch_means.hpp"

#include <cmath>

namespace fedgram::serving {

void BatchMeans::add(Nanoseconds latency)
{
    sum_ += static_cast<double>(latency.count());
    if (++in_it_ < length_) return;
    sums_.push_back(sum_);
    sum_ = 0;
    in_it_ = 0;
    if (sums_.size() == most_stretches) join_pairs();
}

void BatchMeans::join_pairs()
{
    for (std::size_t i = 0; i < most_stretches / 2; ++i) sums_[i] = sums_[2 * i] + sums_[2 * i + 1];
    sums_.resize(most_stretches / 2);
    length_ *= 2;
}

std::optional<Seconds> BatchMeans::standard_error() const
{
    if (sums_.size() < most_stretches / 2) return std::nullopt;
    const auto count = static_cast<double>(sums_.size());
    double mean = 0;
    for (const double sum : sums_) mean += sum / count;
    double squares = 0;
    for (const double sum : sums_) squares += (sum - mean) * (sum - mean);
    const double of_sums = std::sqrt(squares / (count - 1) / count);
    return Seconds{of_sums / static_cast<double>(length_) / nanoseconds_per_second};
}

}  // namespace fedgram::serving
