#include "coordinator/fedavg.hpp"

#include <cassert>
#include <cmath>

namespace fedgram::coordinator {

void FedAvg::add(std::span<const float> update, std::uint64_t samples)
{
    assert(update.size() == sum_.size());
    for (std::size_t i = 0; i < update.size(); ++i) {
        // The parts left and right of the 32nd binary place are integers below 2^63 each, exact in double but for
        // what lies below 2^-64, which is rounded the same way whatever the order.
        const double scaled = static_cast<double>(update[i]) * 0x1p32;
        const double high = std::floor(scaled);
        const double low = std::floor((scaled - high) * 0x1p32);
        const FixedPoint value = static_cast<FixedPoint>(static_cast<std::int64_t>(high)) * (std::int64_t{1} << 32) +
                                 static_cast<std::int64_t>(low);
        sum_[i] += value * static_cast<std::int64_t>(samples);
    }
    samples_ += samples;
}

std::vector<float> FedAvg::mean() const
{
    assert(samples_ > 0);
    std::vector<float> result(sum_.size());
    for (std::size_t i = 0; i < sum_.size(); ++i)
        result[i] = static_cast<float>(static_cast<double>(sum_[i]) * 0x1p-64 / static_cast<double>(samples_));
    return result;
}

}  // namespace fedgram::coordinator
