#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace fedgram::report {

struct Statistics {
    double mean = 0;
    std::optional<double> standard_deviation;  ///< of the sample (n - 1); nothing for a single value
    double least = 0;
    double most = 0;
    std::size_t count = 0;
};

/// `values` must not be empty.
[[nodiscard]] Statistics statistics(std::span<const double> values);

/// "0.0402 ± 0.0011": the mean by three digits, the deviation to as many places; a single value alone.
[[nodiscard]] std::string mean_text(const Statistics& statistics);

}  // namespace fedgram::report
