#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/energy/logs/power_log.hpp"

namespace fedgram::power_logs {

/// A stretch of a window that the log doesn't cover.
struct LogGap {
    LogTime begin{};
    LogTime end{};
    std::string reason;
};

/// What a log says of a window of time.
struct EnergyOfWindow {
    std::optional<Joules> energy;     ///< of the covered time alone; nothing where the log covers none of the window
    LogTime covered{};                ///< how much of the window the energy is of
    LogTime uncovered{};              ///< the rest of the window
    std::optional<Watts> mean_power;  ///< of the covered time
    Joules apportioned;               ///< what of the energy is a share, by time, of an interval that the window cuts
    std::vector<LogGap> gaps;         ///< the uncovered stretches, in order
};

/// From the first to the last time of a log.
struct LogStretch {
    LogTime begin{};
    LogTime end{};
};

/// What all of a log's segments reach over.
[[nodiscard]] LogStretch stretch_of(const PowerLog& log);

/// The longest time between two neighbouring samples that is bridged where nobody says otherwise: five times the
/// median. Nothing where the log has no two samples that follow each other.
[[nodiscard]] std::optional<LogTime> usual_longest_bridge(const PowerLog& log);

/// The energy from `begin` to `end`: between two samples by the trapezoid, also across an end of the window; of an
/// interval that the window cuts, the share by time. Samples further apart than `longest_bridge` (not given: the usual
/// one), or of which one has no value, leave a gap; so does every place where the log's clock went back.
/// Throws SpecError for a window that ends before it begins, and DataError where the window lies in two segments at
/// once, as after a clock was set back: then the caller has to leave one of them out.
[[nodiscard]] EnergyOfWindow energy_between(const PowerLog& log, LogTime begin, LogTime end,
                                            std::optional<LogTime> longest_bridge = {});

}  // namespace fedgram::power_logs
