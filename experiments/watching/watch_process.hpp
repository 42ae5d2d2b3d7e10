#pragma once

#include <filesystem>

#include "experiments/launch/child_process.hpp"
#include "experiments/watching/watch_run.hpp"

namespace fedgram::experiments {

/// The process that follows a run while `fedgram run` carries it out. At this object's end it looks at the run's folder
/// a last time, and is waited for. A run doesn't need it: where it ends early it has said why, and the run goes on.
class WatchProcess {
public:
    /// Throws SystemError where it can't be started.
    WatchProcess(const std::filesystem::path& folder, const WatchTargets& targets);
    WatchProcess(const WatchProcess&) = delete;
    WatchProcess& operator=(const WatchProcess&) = delete;
    ~WatchProcess();

private:
    ChildProcess process_;
};

}  // namespace fedgram::experiments
