#include "common/learning/training/epoch_batches.hpp"

#include <algorithm>

namespace fedgram::learning {

EpochBatches::EpochBatches(std::size_t samples, std::uint32_t batch_size, spec::LastBatch last)
    : samples_{samples}, batch_size_{batch_size}, last_{last}
{
}

std::size_t EpochBatches::at(std::size_t first) const
{
    const std::size_t left = samples_ - std::min(first, samples_);
    if (left < batch_size_ && first > 0 && last_ != spec::LastBatch::keep) return 0;
    const bool next_is_whole = left >= 2 * batch_size_;
    if (last_ == spec::LastBatch::merge && !next_is_whole) return left;
    return std::min(left, batch_size_);
}

std::uint64_t EpochBatches::steps() const
{
    const auto whole = samples_ / batch_size_;
    const bool one_more = last_ == spec::LastBatch::keep ? samples_ % batch_size_ != 0 : whole == 0;
    return whole + (one_more ? 1 : 0);
}

std::uint64_t EpochBatches::samples() const
{
    const auto whole = samples_ / batch_size_ * batch_size_;
    return last_ == spec::LastBatch::drop && whole > 0 ? whole : samples_;
}

std::uint64_t EpochBatches::samples_in(std::uint64_t steps) const
{
    if (this->steps() == 0) return 0;
    std::size_t first = 0;
    for (std::uint64_t step = 0; step < steps % this->steps(); ++step) first += at(first);
    return steps / this->steps() * samples() + first;
}

}  // namespace fedgram::learning
