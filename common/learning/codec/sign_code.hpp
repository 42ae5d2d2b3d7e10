#pragma once

#include "common/learning/codec/value_code.hpp"

namespace fedgram::learning {

/// The sign of each value, and the mean of their magnitudes, which all of them get (EF-signSGD, Karimireddy et al.
/// 2019, arXiv:1901.09847). 0 counts as positive.
class SignCode final : public ValueCode {
public:
    void append(std::span<const float> values, Stream& random, std::vector<std::byte>& message) const override;
    void read(std::span<const std::byte> bytes, std::span<float> values) const override;
    [[nodiscard]] std::uint64_t largest_bytes(std::uint64_t count) const override;
    // A magnitude's sum, and a comparison with 0.
    [[nodiscard]] CodingEffort encode_effort() const override { return {.flops_per_value = 2, .passes = 2}; }
    [[nodiscard]] CodingEffort decode_effort() const override { return {.flops_per_value = 1}; }
};

}  // namespace fedgram::learning
