#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "common/energy/logs/power_log.hpp"

namespace fedgram::power_logs {

/// What a log can't say itself. Each form takes what concerns it and passes over the rest.
struct PowerLogOptions {
    /// The one to read, where a log holds several: a GPU's index, UUID, bus id or name; "S0" of perf stat --per-socket.
    std::string device;
    /// Only the rows that bear it: Zeus' window_name; CodeCarbon's project_name or run_id.
    std::string label;
    /// What nvidia-smi was asked for (--query-gpu), where its log has no heading.
    std::vector<std::string> columns;
    /// The time of any CSV; given, the log is read as such a one.
    std::string time_column;
    /// The watts of any CSV; also nvidia-smi's column (default: power.draw) and turbostat's (PkgWatt).
    std::string watts_column;
    /// The joules since the row before of any CSV; also CodeCarbon's energy, there in kWh, and perf stat's event
    /// (power/energy-pkg/).
    std::string joules_column;
    /// How far the log's local time is ahead of UTC, where it names no zone. Not given: it is read as UTC, with a note.
    std::optional<std::chrono::minutes> utc_offset;
    /// The time between two lines, where they bear none.
    std::optional<LogTime> interval;
};

}  // namespace fedgram::power_logs
