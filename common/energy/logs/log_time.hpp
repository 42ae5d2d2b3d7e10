#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/energy/logs/log_text.hpp"
#include "common/energy/logs/power_log.hpp"

namespace fedgram::power_logs {

/// What a time of a log was written as.
enum class TimeKind {
    since_start,  ///< seconds, below what any date of a log is
    since_epoch,  ///< Unix seconds
    local,        ///< date and time without a zone
    zoned         ///< date and time with one
};

struct ReadTime {
    LogTime at{};  ///< of a local time: as if it were UTC
    TimeKind kind{};
};

/// A number of seconds, or "2024-05-01T12:34:56.789Z", also with '/' or ' ', without the zone or with "+02:00"; or
/// "05-01-2024 12:34:56", month first, as tegrastats has it. Nothing for any other text or a day that the calendar
/// lacks.
[[nodiscard]] std::optional<ReadTime> read_time(std::string_view text);

/// Reads the times of one log, which are all of one kind.
class LogClock {
public:
    explicit LogClock(std::optional<std::chrono::minutes> utc_offset) : utc_offset_{utc_offset} {}

    /// The time in the column `name`. Throws DataError with the line for no time, and for one of another kind than the
    /// first.
    [[nodiscard]] LogTime read(const LogLine& line, std::string_view name, std::string_view text);

    /// Times are since the Unix epoch.
    [[nodiscard]] bool absolute() const { return kind_ && *kind_ != TimeKind::since_start; }
    /// Adds what had to be assumed.
    void add_notes(std::vector<std::string>& notes) const;

private:
    std::optional<std::chrono::minutes> utc_offset_;
    std::optional<TimeKind> kind_;
};

}  // namespace fedgram::power_logs
