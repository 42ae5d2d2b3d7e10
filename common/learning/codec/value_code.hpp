#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "common/random/stream.hpp"
#include "common/spec/compression.hpp"

namespace fedgram::learning {

/// What coding costs: FLOPs for each value, and readings of all of them, each a kernel.
struct CodingEffort {
    std::uint64_t flops_per_value = 0;
    std::uint64_t passes = 1;
};

/// How values become bytes, and back. README.md has the bytes of each.
class ValueCode {
public:
    virtual ~ValueCode() = default;

    /// Appends the values to `message`. Their magnitudes are below 2^63; `random` is for those who round by chance.
    virtual void append(std::span<const float> values, Stream& random, std::vector<std::byte>& message) const = 0;
    /// Fills `values` from `bytes`, which hold nothing else. Throws DataError where they are too few or too many, or
    /// hold what isn't offered. A value may come out that isn't finite.
    virtual void read(std::span<const std::byte> bytes, std::span<float> values) const = 0;

    /// Of `count` values; they take no more bytes, and where the size is fixed, as many.
    [[nodiscard]] virtual std::uint64_t largest_bytes(std::uint64_t count) const = 0;
    [[nodiscard]] virtual bool is_fixed_size() const { return true; }

    [[nodiscard]] virtual CodingEffort encode_effort() const = 0;
    [[nodiscard]] virtual CodingEffort decode_effort() const = 0;
};

[[nodiscard]] std::unique_ptr<const ValueCode> make_value_code(const spec::Compression& compression);

/// Throws DataError unless there are so many bytes of values.
void require_bytes(std::span<const std::byte> bytes, std::uint64_t expected);

/// Makes `message` longer by so many bytes, and gives them.
[[nodiscard]] std::span<std::byte> grow(std::vector<std::byte>& message, std::uint64_t bytes);

}  // namespace fedgram::learning
