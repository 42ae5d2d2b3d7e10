#pragma once

#include "common/learning/codec/value_code.hpp"

namespace fedgram::learning {

/// Each value as it is, or as the nearest one of 16 bits.
class Float32Code final : public ValueCode {
public:
    void append(std::span<const float> values, Stream& random, std::vector<std::byte>& message) const override;
    void read(std::span<const std::byte> bytes, std::span<float> values) const override;
    [[nodiscard]] std::uint64_t largest_bytes(std::uint64_t count) const override { return 4 * count; }
    [[nodiscard]] CodingEffort encode_effort() const override { return {}; }
    [[nodiscard]] CodingEffort decode_effort() const override { return {}; }
};

class Float16Code final : public ValueCode {
public:
    void append(std::span<const float> values, Stream& random, std::vector<std::byte>& message) const override;
    void read(std::span<const std::byte> bytes, std::span<float> values) const override;
    [[nodiscard]] std::uint64_t largest_bytes(std::uint64_t count) const override { return 2 * count; }
    [[nodiscard]] CodingEffort encode_effort() const override { return {.flops_per_value = 1}; }
    [[nodiscard]] CodingEffort decode_effort() const override { return {.flops_per_value = 1}; }
};

class Bfloat16Code final : public ValueCode {
public:
    void append(std::span<const float> values, Stream& random, std::vector<std::byte>& message) const override;
    void read(std::span<const std::byte> bytes, std::span<float> values) const override;
    [[nodiscard]] std::uint64_t largest_bytes(std::uint64_t count) const override { return 2 * count; }
    [[nodiscard]] CodingEffort encode_effort() const override { return {.flops_per_value = 1}; }
    [[nodiscard]] CodingEffort decode_effort() const override { return {.flops_per_value = 1}; }
};

}  // namespace fedgram::learning
