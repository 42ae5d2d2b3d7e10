#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/masking/ring.hpp"
#include "common/spec/secure_aggregation.hpp"

namespace fedgram::masking {

/// How an update becomes elements of a ring, and their sum becomes a model again.
///
/// A value is the update's difference to the global model in double, clipped to [-value_limit, value_limit], times
/// 2^fraction_bits, rounded to the nearest integer (ties to the even one), times the update's weight. It is the
/// difference that is clipped: a limit on parameters would cut large ones off, or cost bits for what hardly changes.
/// All of it is IEEE arithmetic or exact, so the bits are the same on every CPU.
class FixedPointRule {
public:
    /// Of a specification that `spec::check_ring` lets through for this total weight.
    FixedPointRule(const spec::SecureAggregation& aggregation, std::uint64_t most_total_weight);

    /// Wide enough for every sum of values whose weights add up to at most the total weight: see spec::RingBits.
    [[nodiscard]] Ring ring() const { return ring_; }

    /// 2^fraction_bits: what 1 is in fixed point.
    [[nodiscard]] double steps_in_one() const { return steps_; }

    struct Encoded {
        std::vector<std::uint64_t> words;
        std::size_t clipped = 0;  ///< values that were beyond the limit
    };

    /// Nothing where a difference is no number: such an update has no place in a sum that nobody can look into, and its
    /// node drops out.
    [[nodiscard]] std::optional<Encoded> encoded(std::span<const float> update, std::span<const float> global,
                                                 std::uint64_t weight) const;

    /// The global model, moved by each sum over `divisor` > 0, which is the total weight unless privacy fixes another.
    [[nodiscard]] std::vector<double> moved(std::span<const float> global, std::span<const std::int64_t> sum,
                                            double divisor) const;

private:
    Ring ring_;
    double limit_;
    double steps_;  // in 1: 2^fraction_bits
};

}  // namespace fedgram::masking
