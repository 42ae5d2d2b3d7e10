#pragma once

#include <cmath>

#include "common/learning/codec/value_code.hpp"

namespace fedgram::learning {

/// QSGD (Alistarh et al. 2017, arXiv:1610.02132): one norm for all values, and for each its sign and how many
/// `levels`-th parts of the norm it is, rounded by chance so that it is right on average. Levels are written in a fixed
/// number of bits or by Elias's gamma code, whichever takes fewer bytes.
class QsgdCode final : public ValueCode {
public:
    /// `levels` from 1 to spec::most_qsgd_levels.
    explicit QsgdCode(std::uint32_t levels) : levels_{levels} {}

    void append(std::span<const float> values, Stream& random, std::vector<std::byte>& message) const override;
    void read(std::span<const std::byte> bytes, std::span<float> values) const override;
    [[nodiscard]] std::uint64_t largest_bytes(std::uint64_t count) const override;
    [[nodiscard]] bool is_fixed_size() const override { return false; }
    // A product and a sum for the norm; then a product, a quotient, its fraction, and the comparison with it.
    [[nodiscard]] CodingEffort encode_effort() const override { return {.flops_per_value = 6, .passes = 2}; }
    [[nodiscard]] CodingEffort decode_effort() const override { return {.flops_per_value = 2}; }

private:
    std::uint32_t levels_;
};

/// How many levels a value is, before rounding. `norm` > 0.
[[nodiscard, gnu::always_inline]] inline double qsgd_steps(float value, float norm, std::uint32_t levels)
{
    return std::fabs(static_cast<double>(value)) * levels / static_cast<double>(norm);
}

/// What a level, with its sign, stands for.
[[nodiscard]] inline float qsgd_value(std::int32_t level, float norm, std::uint32_t levels)
{
    return static_cast<float>(static_cast<double>(norm) * level / levels);
}

}  // namespace fedgram::learning
