#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "common/learning/updates/exact_sum.hpp"
#include "common/random/stream.hpp"
#include "coordinator/aggregation/aggregator.hpp"

namespace fedgram::coordinator {

/// What a round's sum is made private by.
struct PrivateSum {
    double clip = std::numeric_limits<double>::infinity();  ///< L2 norm that an update's difference is scaled down to
    double noise = 0;    ///< standard deviation of the noise on each parameter of the sum; finite clip where above 0
    double divisor = 1;  ///< of the sum: the same whoever delivers
};

/// DP-FedAvg (McMahan et al. 2018, arXiv:1710.06963): the model, moved by the sum of the clipped differences, with
/// Gaussian noise, over a fixed divisor. All updates weigh alike, so that the sum's sensitivity is one clip.
///
/// With noise the sum is one of whole numbers, in a unit of some 2^-30 of the noise: each clipped difference is rounded
/// towards zero, which makes none longer, and the noise is a discrete Gaussian. So no rounding of a float tells
/// anything (Mironov 2012). Without noise or clip, and with all nodes there, it is the mean of the updates, bit for
/// bit.
class PrivateMean final : public Aggregator {
public:
    /// `global` must outlive it; `noise` is the round's stream.
    PrivateMean(std::span<const float> global, PrivateSum rule, const Stream& noise);

    void add(std::span<const float> update, std::uint64_t samples) override;
    [[nodiscard]] std::vector<float> result() const override;
    [[nodiscard]] std::vector<double> precise_result() const override;
    [[nodiscard]] energy::Work work() const override;

    /// Of this, what a mean without privacy has not: norms, clipping and noise.
    [[nodiscard]] energy::Work extra_work() const;

    [[nodiscard]] std::uint64_t unclipped() const { return updates_ - clipped_; }
    [[nodiscard]] std::uint64_t clipped() const { return clipped_; }

private:
    [[nodiscard]] bool is_noisy() const { return rule_.noise > 0; }

    std::span<const float> global_;
    PrivateSum rule_;
    Stream noise_;
    int unit_exponent_ = 0;            // with noise: the sum counts in units of 2^-this
    std::vector<std::int64_t> units_;  // with noise: the sum of the differences
    learning::ExactSum parameters_;    // without: of the updates
    std::vector<float> scratch_;       // a clipped update
    std::uint64_t updates_ = 0;
    std::uint64_t clipped_ = 0;
};

/// Of noise on each parameter: some hundred integer operations, for three trials of a few draws each, and eight bytes
/// that are read and written.
[[nodiscard]] energy::Work noise_work(std::uint64_t parameters);

}  // namespace fedgram::coordinator
