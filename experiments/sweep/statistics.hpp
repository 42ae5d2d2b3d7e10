#pragma once

#include <optional>
#include <span>

namespace fedgram::experiments {

struct Statistics {
    double mean = 0;
    std::optional<double> standard_deviation;  ///< of the sample (n - 1); nothing for a single value
};

/// `values` must not be empty.
[[nodiscard]] Statistics statistics(std::span<const double> values);

}  // namespace fedgram::experiments
