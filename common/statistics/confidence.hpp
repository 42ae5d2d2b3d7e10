#pragma once

#include <optional>
#include <span>

namespace fedgram::statistics {

struct Interval {
    double low = 0;
    double high = 0;

    friend bool operator==(const Interval&, const Interval&) = default;
};

/// How sure intervals are, everywhere.
inline constexpr double confidence = 0.95;

/// In which the mean lies with that confidence, of values with a normal distribution: mean +- t s / sqrt(n), by
/// Student's t with n - 1 degrees of freedom. Nothing of fewer than two values.
[[nodiscard]] std::optional<Interval> mean_interval(std::span<const double> values);

}  // namespace fedgram::statistics
