#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fedgram::coordinator {

/// FedAvg: the mean of the client updates, weighted by sample count (McMahan et al. 2017, arXiv:1602.05629,
/// algorithm 1). Updates are added as they arrive, in fixed point of 128 bits with 64 behind the point: addition is
/// exact, so the mean is the same for every order of arrival, and memory doesn't grow with the cohort.
class FedAvg {
public:
    explicit FedAvg(std::size_t parameters) : sum_(parameters) {}

    /// What a parameter must stay below in magnitude, so that the sum of 2^31 samples' worth can't overflow.
    static constexpr float magnitude_limit = 0x1p31f;

    /// `update` must be finite, below magnitude_limit and of the right length (see refusal.hpp); `samples` > 0.
    void add(std::span<const float> update, std::uint64_t samples);

    [[nodiscard]] std::uint64_t samples() const { return samples_; }

    /// The weighted mean; at least one update must have been added.
    [[nodiscard]] std::vector<float> mean() const;

private:
    __extension__ using FixedPoint = __int128;

    std::vector<FixedPoint> sum_;
    std::uint64_t samples_ = 0;
};

}  // namespace fedgram::coordinator
