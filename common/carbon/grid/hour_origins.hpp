#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace fedgram::carbon {

/// What became of a file's times on the way to whole hours, where an hour isn't as it was measured.
struct HourOrigins {
    std::vector<std::chrono::sys_seconds> filled{};    ///< hours that a gap was filled in, at least for a part
    std::vector<std::chrono::sys_seconds> forecast{};  ///< hours that rest on a forecast, at least for a part
    std::chrono::minutes left_out{};  ///< of the file's beginning and end, where they make no whole hour

    /// The same of the hours from `start` on.
    [[nodiscard]] HourOrigins from(std::chrono::sys_seconds start) const;

    friend bool operator==(const HourOrigins&, const HourOrigins&) = default;
};

/// "3 h filled in, 12 h forecast, 30 min at the ends left out", of what there is; empty where there is nothing to say.
[[nodiscard]] std::string origins_text(const HourOrigins& origins);

/// The same as figures: filled_hours, forecast_hours and left_out_min.
[[nodiscard]] nlohmann::ordered_json origins_json(const HourOrigins& origins);

}  // namespace fedgram::carbon
