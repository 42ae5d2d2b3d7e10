#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/updates/exact_sum.hpp"
#include "coordinator/aggregation/aggregator.hpp"

namespace fedgram::coordinator {

/// FedAvg: the mean of the client updates, weighted by sample count (McMahan et al. 2017, arXiv:1602.05629,
/// algorithm 1). Updates are added exactly as they arrive, so memory doesn't grow with the cohort.
class FedAvg final : public Aggregator {
public:
    explicit FedAvg(std::size_t parameters) : sum_(parameters) {}

    void add(std::span<const float> update, std::uint64_t samples) override;
    void add(const learning::PartialSum& sum, std::uint64_t samples, std::uint64_t updates) override;
    [[nodiscard]] std::vector<float> result() const override;
    [[nodiscard]] std::vector<double> precise_result() const override;
    [[nodiscard]] energy::Work work() const override;

private:
    learning::ExactSum sum_;
    std::uint64_t samples_ = 0;
    std::uint64_t updates_ = 0;
};

}  // namespace fedgram::coordinator
