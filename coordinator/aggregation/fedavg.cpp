#include "coordinator/aggregation/fedavg.hpp"

#include <cassert>

namespace fedgram::coordinator {

void FedAvg::add(std::span<const float> update, std::uint64_t samples)
{
    sum_.add(update, samples);
    samples_ += samples;
    ++updates_;
}

void FedAvg::add(const learning::PartialSum& sum, std::uint64_t samples, std::uint64_t updates)
{
    sum_.add(sum);
    samples_ += samples;
    updates_ += updates;
}

std::vector<float> FedAvg::result() const
{
    assert(samples_ > 0);
    return sum_.over(samples_);
}

std::vector<double> FedAvg::precise_result() const
{
    assert(samples_ > 0);
    return sum_.precisely_over(samples_);
}

energy::Work FedAvg::work() const
{
    // Per parameter and update: one multiplication and one addition; the update's four bytes are read, the
    // accumulator's sixteen are read and written. An implementation's own overhead is left out, so that a faster one
    // does not change ledgers.
    const auto terms = updates_ * sum_.size();
    energy::Work work;
    work.steps = updates_;
    work.flops = 2 * terms;
    work.memory_bytes = 36 * terms;
    work.kernels = updates_;  // each is added in one pass
    return work;
}

}  // namespace fedgram::coordinator
