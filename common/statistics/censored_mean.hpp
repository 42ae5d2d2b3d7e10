#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "common/statistics/confidence.hpp"
#include "common/statistics/observation.hpp"

namespace fedgram::statistics {

struct CensoredMean {
    double mean = 0;  ///< with each censored value at what it is known to exceed
    std::size_t count = 0;
    std::size_t reached = 0;
    std::optional<Interval> interval{};  ///< where all have reached, and there are two
    std::optional<double> median{};      ///< where more than half are known, and none of the censored may lie below

    /// The mean lies above, nobody knows how far.
    [[nodiscard]] bool is_lower_bound() const { return reached < count; }
};

/// Of at least one observation.
[[nodiscard]] CensoredMean censored_mean(std::span<const Observation> observations);

}  // namespace fedgram::statistics
