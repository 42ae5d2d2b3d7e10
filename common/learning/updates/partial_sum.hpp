#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "common/learning/updates/fixed_point.hpp"

namespace fedgram::learning {

/// An exact sum of updates times their weights, as it crosses the wire: of each parameter an integer in units of 2^-64,
/// in two's complement. The lower eight bytes of all parameters come first, then the upper four of all; or the upper
/// eight, where a sum is too large for twelve bytes. It lies in words of four bytes, as a frame's payload does, and is
/// read where it lies.
class PartialSum {
public:
    static constexpr std::size_t narrow_words = 3;  ///< a parameter
    static constexpr std::size_t wide_words = 4;

    /// Borrows `words`; nothing where they are no sum of so many parameters.
    [[nodiscard]] static std::optional<PartialSum> read(std::span<const float> words, std::size_t parameters);

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool is_narrow() const { return words_.size() == narrow_words * size_; }
    [[nodiscard]] FixedPoint operator[](std::size_t parameter) const;
    [[nodiscard]] std::span<const std::byte> bytes() const { return std::as_bytes(words_); }

    /// How far the mean, the sum over `weight` > 0, is from a model of its size in L2 norm. A mean of updates is no
    /// further from the model than the furthest of them, so that a sum of sane updates passes the limit of each.
    [[nodiscard]] double distance_of_mean(std::uint64_t weight, std::span<const float> model) const;

private:
    PartialSum(std::span<const float> words, std::size_t size) : words_{words}, size_{size} {}

    std::span<const float> words_;
    std::size_t size_;
};

}  // namespace fedgram::learning
