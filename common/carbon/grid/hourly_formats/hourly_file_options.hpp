#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace fedgram::carbon {

/// What a file of grid intensities can't say itself, and what its reader may do. Whoever hands a file over states it by
/// options of the command line, or by keys of a specification; errors name both.
struct HourlyFileOptions {
    std::optional<std::string> basis{};  ///< "lifecycle" or "direct"; which of the file's, or what it is
    std::string time_column{};           ///< of any CSV: when a row begins; given, the file is read as such a one
    std::string value_column{};          ///< the same for the gCO2e/kWh
    std::optional<std::chrono::minutes> time_zone{};  ///< how far ahead of UTC times are that name no zone
    std::optional<std::chrono::minutes> fill_gaps{};  ///< the longest gap that is filled; absent: none is
    bool forecast = false;                            ///< where nothing was measured, a forecast does

    friend bool operator==(const HourlyFileOptions&, const HourlyFileOptions&) = default;
};

/// The longest gap that can be filled in: a straight line over more than a week says nothing of a grid's hours.
inline constexpr std::chrono::hours longest_fill{7 * 24};

}  // namespace fedgram::carbon
