#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fedgram::experiments {

/// Power logs that somebody has, and the work that was done meanwhile.
struct CalibrateLogOptions {
    std::vector<std::filesystem::path> logs{};
    std::vector<std::filesystem::path> works{};  ///< files, one for each log, in the same order; else `run`
    std::filesystem::path run{};
    std::string training{};            ///< of the run; empty: the only one
    std::string base{};                ///< the profile that gives what the logs can't: an id or a path
    std::vector<std::string> paces{};  ///< "host" or "device", one for each log; empty: by the watts
    std::filesystem::path idle_log{};
    std::filesystem::path active_idle_log{};
    double offset_s = 0;  ///< how far the logs' clock is ahead of the work's
    // What a log can't say itself; power_logs::PowerLogOptions has their meaning.
    std::string gpu{};
    std::string label{};
    std::vector<std::string> columns{};
    std::string time_column{};
    std::string watts_column{};
    std::string joules_column{};
    std::optional<double> utc_offset_h{};
    std::optional<double> interval_s{};
};

/// `fedgram calibrate --log`: the base profile with the figures that the logs tell, under `id`, to `out` (empty:
/// standard output); on standard error the notes of the logs, and what the profile makes of each stretch. Throws
/// SpecError and DataError for what a log, a work file or their times can't give.
[[nodiscard]] int calibrate_by_logs(const CalibrateLogOptions& options, const std::string& id, const std::string& name,
                                    const std::filesystem::path& out);

}  // namespace fedgram::experiments
