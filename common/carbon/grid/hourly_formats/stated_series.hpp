#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/units/quantity.hpp"

namespace fedgram::carbon {

/// A time in a file of grid intensities.
struct StatedTime {
    std::chrono::sys_seconds utc{};
    std::chrono::minutes ahead{};  ///< of UTC, of the clock that the file goes by
    bool names_zone = true;        ///< the file itself does; else the zone was stated apart

    friend bool operator==(const StatedTime&, const StatedTime&) = default;
};

/// One of its intensities, which holds from its time until the next.
struct StatedValue {
    std::size_t number{};  ///< of the line, or of the item
    StatedTime time{};
    std::optional<GramsPerKilowattHour> intensity{};
    bool is_forecast = false;
};

/// What a file states, as it stands there: not yet known to be in order, without a gap, or by the hour.
struct StatedSeries {
    std::vector<StatedValue> values{};
    std::optional<std::chrono::seconds> step{};               ///< how long a value holds, where the file says it
    std::string time_name{};                                  ///< the column's, as errors name it
    std::string missing{};                                    ///< of a value that isn't there: what, and the way out
    std::function<std::string(std::size_t number)> place_of;  ///< "mine.csv:5", for errors
};

}  // namespace fedgram::carbon
