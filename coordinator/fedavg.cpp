#include "coordinator/fedavg.hpp"

#include <cassert>

namespace fedgram::coordinator {

void FedAvg::add(std::span<const float> update, std::uint64_t samples)
{
    assert(update.size() == sum_.size());
    for (std::size_t i = 0; i < update.size(); ++i)
        sum_[i] += fixed_point(update[i]) * static_cast<std::int64_t>(samples);
    samples_ += samples;
    ++updates_;
}

std::vector<float> FedAvg::result() const
{
    assert(samples_ > 0);
    std::vector<float> mean(sum_.size());
    for (std::size_t i = 0; i < sum_.size(); ++i) mean[i] = quotient(sum_[i], samples_);
    return mean;
}

energy::Work FedAvg::work() const
{
    // Per parameter and update: one multiplication and one addition; the update's four bytes are read, the
    // accumulator's sixteen are read and written.
    const auto terms = updates_ * sum_.size();
    energy::Work work;
    work.steps = updates_;
    work.flops = 2 * terms;
    work.memory_bytes = 36 * terms;
    return work;
}

}  // namespace fedgram::coordinator
