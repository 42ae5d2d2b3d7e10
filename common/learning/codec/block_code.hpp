#pragma once

#include <cmath>

#include "common/learning/codec/rounding.hpp"
#include "common/learning/codec/value_code.hpp"

namespace fedgram::learning {

/// Whole numbers of 8 or 4 bits, symmetric about 0, and a scale for each block of values.
class BlockCode final : public ValueCode {
public:
    /// The largest whole number of each.
    enum class Width { int8 = 127, int4 = 7 };

    BlockCode(Width width, std::uint32_t block) : width_{width}, block_{block} {}

    void append(std::span<const float> values, Stream& random, std::vector<std::byte>& message) const override;
    void read(std::span<const std::byte> bytes, std::span<float> values) const override;
    [[nodiscard]] std::uint64_t largest_bytes(std::uint64_t count) const override;
    // The block's largest; then a product, its fraction, the comparison with it, and the limit.
    [[nodiscard]] CodingEffort encode_effort() const override { return {.flops_per_value = 5, .passes = 2}; }
    [[nodiscard]] CodingEffort decode_effort() const override { return {.flops_per_value = 1}; }

private:
    Width width_;
    std::uint32_t block_;
};

/// What a block's code 1 stands for: its largest magnitude over `most`; 0 where that is no normal number.
[[nodiscard]] float block_scale(float largest, std::int32_t most);

/// A value's code, by stochastic rounding. `codes_per_unit` is `most` over its block's largest magnitude.
[[nodiscard, gnu::always_inline]] inline std::int32_t block_code(float value, float codes_per_unit, float uniform,
                                                                 std::int32_t most)
{
    const std::int32_t magnitude = rounded(std::fabs(value) * codes_per_unit, uniform, most);
    return value < 0 ? -magnitude : magnitude;
}

}  // namespace fedgram::learning
