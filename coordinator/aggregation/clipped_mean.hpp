#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "coordinator/aggregation/fedavg.hpp"

namespace fedgram::coordinator {

/// FedAvg of clipped updates: one whose difference to the global model has an L2 norm above `max_norm` is drawn towards
/// that model until it has this norm, to within float32's rounding (McMahan et al. 2018, arXiv:1710.06963, section 2,
/// flat clipping, without its noise). So no node moves the model further than its weight times `max_norm`.
class ClippedMean final : public Aggregator {
public:
    /// `global` must outlive it; `max_norm` > 0.
    ClippedMean(std::span<const float> global, double max_norm);

    using Aggregator::add;
    void add(std::span<const float> update, std::uint64_t samples) override;
    [[nodiscard]] std::vector<float> result() const override { return mean_.result(); }
    [[nodiscard]] std::vector<double> precise_result() const override { return mean_.precise_result(); }
    [[nodiscard]] energy::Work work() const override;

private:
    std::span<const float> global_;
    double max_norm_;
    FedAvg mean_;
    std::vector<float> scratch_;  // a clipped update
    std::uint64_t clipped_ = 0;
};

}  // namespace fedgram::coordinator
