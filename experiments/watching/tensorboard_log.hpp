#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "common/report/live/live_run.hpp"
#include "common/run/folder_lock.hpp"
#include "common/tensorboard/event_file.hpp"

namespace fedgram::experiments {

/// The rounds of a run as event files of TensorBoard, one in a folder for each training. They are made anew by whoever
/// writes them first, since all of them follows from rounds.jsonl. TensorBoard's wall time is the run's start plus
/// virtual time, so that its axis "relative" shows that, and the files don't depend on when they were written.
class TensorboardLog {
public:
    /// Makes the folder. Throws SystemError where it can't be made, or another process writes there.
    explicit TensorboardLog(const std::filesystem::path& folder);

    /// Adds what is new. Throws SystemError that names the file, DataError for a label that can't be a folder's name.
    void add(const report::LiveRun& run);

private:
    struct Training {
        std::optional<tensorboard::EventFile> file;
        std::size_t written = 0;
    };

    void begin(const report::LiveRun& run);

    std::filesystem::path folder_;
    run::FolderLock only_writer_;
    std::vector<Training> trainings_;
    std::uint32_t edition_ = 0;
    double begun_ = 0;  // seconds since 1970
};

}  // namespace fedgram::experiments
