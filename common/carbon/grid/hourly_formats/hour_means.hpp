#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "common/carbon/grid/hour_origins.hpp"
#include "common/carbon/grid/hourly_series.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::carbon {

/// Whole hours of UTC, and what became of a file's times on the way.
struct MadeHours {
    HourlySeries hours;
    HourOrigins origins{};
};

/// The mean of each hour, over stretches of one intensity that follow on one another, of an hour at most.
class HourMeans {
public:
    enum class Origin { measured, forecast, filled };

    /// `begin` is when the stretch before ends.
    void add(std::chrono::sys_seconds begin, std::chrono::seconds length, GramsPerKilowattHour intensity,
             Origin origin);

    /// A first or last hour that isn't whole is left out. Nothing where no hour is whole.
    [[nodiscard]] std::optional<MadeHours> finish() &&;

private:
    struct Hour {
        double mean{};  // so far: the sum over stretches of their share of an hour times their intensity
        std::chrono::seconds covered{};
        bool filled{};
        bool forecast{};
    };

    std::chrono::sys_seconds begin_{};
    std::vector<Hour> hours_;
};

}  // namespace fedgram::carbon
