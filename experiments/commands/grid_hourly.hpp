#pragma once

#include <string>

namespace fedgram::experiments {

struct HourlyOptions {
    std::string series{};  ///< a name of record, or the path of a .csv file
    double duration_h{};
    std::string from{};  ///< UTC; empty: now, or the beginning of a series that doesn't hold the present
    bool json = false;
};

/// `fedgram grid --hourly`: when a training of this duration is best begun within 24 hours.
[[nodiscard]] int grid_hourly(const HourlyOptions& options);

}  // namespace fedgram::experiments
