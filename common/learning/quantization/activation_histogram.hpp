#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/learning/quantization/value_range.hpp"

namespace fedgram::learning {

/// How often activations lie where, in one reading of them. Bins are as wide as a power of two, and 0 is where two of
/// them meet: a bin of the double width is two of these, so counts are moved exactly when a larger value comes. The
/// histogram is therefore the same for every order of the values, and for every way to deal them out to several.
class ActivationHistogram {
public:
    static constexpr std::size_t half = 2048;  ///< bins on each side of 0; the largest magnitude is beyond the 1,024th

    /// Throws DataError for a value that isn't finite.
    void add(std::span<const float> values);
    void merge(const ActivationHistogram& other);

    /// Exact. Throws SpecError where nothing was added.
    [[nodiscard]] ValueRange range() const { return observed(range_); }
    [[nodiscard]] double width() const;
    [[nodiscard]] std::uint64_t total() const;
    /// Bin i holds the values from (i - half) widths on, up to the next bin's.
    [[nodiscard]] std::span<const std::uint64_t> counts() const { return counts_; }
    /// By magnitude, both sides of 0 in one: bin i holds those from i widths to i + 1.
    [[nodiscard]] std::vector<std::uint64_t> magnitudes() const;

private:
    /// Makes the bins wide enough for these.
    void make_room(const ValueRange& values);
    void widen(int exponent);

    std::optional<ValueRange> range_;
    // Below that of the narrowest bins that a float can ask for, so that zeros alone ask for nothing.
    int exponent_ = -160;  // the width is 2 to the power of it
    std::array<std::uint64_t, 2 * half> counts_{};
};

}  // namespace fedgram::learning
