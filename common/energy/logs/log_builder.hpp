#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/energy/logs/log_text.hpp"
#include "common/energy/logs/power_log.hpp"

namespace fedgram::power_logs {

/// Puts together the segments of a log. Where the time goes back, another segment begins: nothing is sorted.
class LogBuilder {
public:
    /// Samples of equal time become one, of their mean: tegrastats writes ten within a second that bear the same time.
    void add_sample(const LogLine& line, LogTime at, std::optional<Watts> power);

    /// Throws DataError with the line for an interval without a length, or of a power that can't be.
    void add_interval(const LogLine& line, const EnergyInterval& interval);

    /// Moves what was added into `log`, with notes. Throws DataError where there is no value at all.
    void finish(PowerLog& log, std::string_view where);

private:
    void begin_segment(const LogLine& line, std::optional<LogTime> back);

    std::vector<LogSegment> segments_;
    std::vector<std::string> notes_;
    std::size_t values_at_time_ = 0;  ///< of the last sample
    std::size_t equal_times_ = 0;
    std::size_t missing_ = 0;
    std::size_t times_back_ = 0;
    std::size_t values_ = 0;
};

}  // namespace fedgram::power_logs
