#pragma once

#include <cstddef>
#include <cstdint>
#include <ranges>
#include <span>
#include <type_traits>
#include <vector>

namespace fedgram::learning {

/// Numbers of 32 bits at most, one behind the other.
template <class Range>
concept RangeOfNumbers = std::ranges::contiguous_range<Range> &&
                         std::is_arithmetic_v<std::ranges::range_value_t<Range>> &&
                         sizeof(std::ranges::range_value_t<Range>) <= 4;

/// A tensor's values as they lie in memory: float32, halves as their 16 bits, or codes of 8. Borrowed.
class TensorValues {
public:
    /// Any such range is one.
    template <RangeOfNumbers Values>
    TensorValues(const Values& values)
        : width_{sizeof(std::ranges::range_value_t<Values>)},
          bytes_{std::as_bytes(std::span{std::ranges::data(values), std::ranges::size(values)})}
    {
    }
    /// So many bytes each: 1, 2 or 4.
    TensorValues(std::span<const std::byte> bytes, std::size_t width) : width_{width}, bytes_{bytes} {}

    [[nodiscard]] std::size_t size() const { return bytes_.size() / width_; }
    [[nodiscard]] std::size_t width() const { return width_; }  ///< bytes of a value
    [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
    /// Whether all bits of it are 0, so that a decoder fills it in. All else is stored: the float -0 too.
    [[nodiscard]] bool is_zero(std::size_t place) const;

private:
    std::size_t width_;
    std::span<const std::byte> bytes_;
};

/// Where values stand in their tensor, from the first on.
using Places = std::vector<std::uint32_t>;

/// Where a value isn't 0.
[[nodiscard]] Places stored_places(const TensorValues& values);

/// Appends the values at these places, little-endian.
void append_values(const TensorValues& values, const Places& places, std::vector<std::byte>& to);

/// Puts each to its place in a tensor.
void place_values(const TensorValues& values, const Places& places, std::span<std::byte> tensor);

}  // namespace fedgram::learning
