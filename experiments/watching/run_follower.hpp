#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "common/report/live/live_run.hpp"
#include "experiments/watching/appended_lines.hpp"

namespace fedgram::experiments {

/// Follows a run by the files of its folder, which it reads and never writes.
class RunFollower {
public:
    /// Throws SpecError for a folder that holds no run, DataError for a damaged spec.json.
    explicit RunFollower(const std::filesystem::path& folder);

    /// Reads what has come since the last look; true where something has changed. Throws DataError that names file and
    /// line where a line is damaged, and SystemError where the folder has gone or a file in it can't be read.
    [[nodiscard]] bool look();

    [[nodiscard]] const report::LiveRun& run() const { return run_; }

private:
    bool read_rounds();
    bool read_events();
    bool read_progress();
    bool read_state();
    bool read_summary();

    std::filesystem::path folder_;
    ino_t identity_;  // of the folder
    report::LiveRun run_;
    AppendedLines rounds_;
    AppendedLines events_;
    std::filesystem::file_time_type summary_written_{};
    bool whole_ = false;    // as the summary has it
    std::string progress_;  // the text of progress.json; empty where there is none
};

}  // namespace fedgram::experiments
