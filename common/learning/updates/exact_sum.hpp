#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/updates/fixed_point.hpp"
#include "common/learning/updates/partial_sum.hpp"

namespace fedgram::learning {

/// Sums of float32 values times weights, one for each parameter: exact in fixed point, so that every order of the
/// additions gives the same bits. Sixteen bytes a parameter.
///
/// A sum is kept as two integers, high * 2^43 + low in units of 2^-64, whose carry waits until the mean is taken: so
/// that an addition is a handful of vector instructions. This holds as long as no sum can pass 2^29; from then on, at
/// values that no sane model has, the sums are 128-bit numbers (fixed_point.hpp), with the same bits.
class ExactSum {
public:
    explicit ExactSum(std::size_t size) : high_(size), low_(size) {}

    /// Each value must be below fixed_point_limit in magnitude; all weights together at most 2^31.
    void add(std::span<const float> values, std::uint64_t weight);
    /// What another has summed, with its weights.
    void add(const PartialSum& part);
    /// Forgets what was added, and keeps the memory.
    void clear();

    /// As a PartialSum. Resizes `words`.
    void write(std::vector<float>& words) const;

    /// Each sum over `divisor` > 0, rounded to float32.
    [[nodiscard]] std::vector<float> over(std::uint64_t divisor) const;

    /// The same, rounded to double: `over` rounds these to float32.
    [[nodiscard]] std::vector<double> precisely_over(std::uint64_t divisor) const;

    [[nodiscard]] std::size_t size() const { return wide_.empty() ? high_.size() : wide_.size(); }

private:
    [[nodiscard]] bool narrow() const { return wide_.empty(); }
    void widen();

    std::vector<std::int64_t> high_;
    std::vector<std::int64_t> low_;
    std::vector<FixedPoint> wide_;  // instead of these two, where a sum may be too large for them
    double reach_ = 0;              // no sum is larger in magnitude
    std::uint32_t additions_ = 0;
};

}  // namespace fedgram::learning
