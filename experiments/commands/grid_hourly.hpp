#pragma once

#include <string>

#include "experiments/lookup/hourly_choice.hpp"

namespace fedgram::experiments {

struct HourlyOptions {
    std::string series{};   ///< a name of record, or the path of a file
    HourlyChoice choice{};  ///< how the file is read
    double duration_h{};
    std::string from{};  ///< UTC; empty: now, or the beginning of a series that doesn't hold the present
    bool json = false;
};

/// `fedgram grid --hourly`: the best time within 24 hours to start a training of this duration.
[[nodiscard]] int grid_hourly(const HourlyOptions& options);

}  // namespace fedgram::experiments
