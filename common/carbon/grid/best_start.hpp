#pragma once

#include <chrono>

#include "common/carbon/grid/hourly_series.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::carbon {

/// A time to begin, and the mean intensity that a constant draw of power from then on meets.
struct Start {
    std::chrono::sys_seconds time;
    GramsPerKilowattHour mean;
};

/// When to begin a training of known duration.
struct BestStart {
    Start now;    ///< begun at once
    Start best;   ///< the least emissions; the earliest of equals
    Start worst;  ///< the most
    int compared{};

    /// Of the emissions, if `best` is taken in place of `now`: 0 to 1. The draw is the same, so energy drops out.
    [[nodiscard]] double saved() const;
};

/// The starts within 24 hours compared: `from`, and each whole hour after it before `from` + 24 h. A start that would
/// outlast the series isn't compared. Throws SpecError when not even `from` fits; see HourlySeries::mean.
[[nodiscard]] BestStart best_start(const HourlySeries& series, std::chrono::sys_seconds from,
                                   std::chrono::seconds duration);

}  // namespace fedgram::carbon
