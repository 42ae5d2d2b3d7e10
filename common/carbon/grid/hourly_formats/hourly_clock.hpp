#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "common/carbon/grid/hourly_formats/stated_series.hpp"

namespace fedgram::carbon {

/// Reads the times of one column. A time with a zone is converted. One without is UTC where the column's name says so
/// ("Datetime (UTC)", "utc_start"), else of the zone that was stated.
class HourlyClock {
public:
    /// `stated` is how far that zone is ahead of UTC. Throws SpecError where the column's name says UTC as well.
    HourlyClock(std::string column, std::optional<std::chrono::minutes> stated);

    /// Throws DataError, with `place`, for a text that is no time, for a time whose zone nobody states, and for one
    /// whose zone is stated twice.
    [[nodiscard]] StatedTime read(std::string_view text, const std::string& place) const;

private:
    std::string column_;
    bool says_utc_;
    std::optional<std::chrono::minutes> stated_;
};

}  // namespace fedgram::carbon
