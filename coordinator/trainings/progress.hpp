#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>

#include "common/command_line/terminal.hpp"
#include "common/run/run_folder.hpp"
#include "common/run/run_progress.hpp"
#include "coordinator/trainings/progress_line.hpp"

namespace fedgram::coordinator {

/// Shows how the training goes, on standard error: a line for each evaluation, above the first what its joules and
/// grams contain, and on a terminal a line in between that moves. Whoever looks on from outside reads progress.json.
/// The centralized training calls it from its own thread.
class Progress {
public:
    void say(const std::string& line);
    void evaluated(const EvaluatedRound& round);
    /// In the middle of a round: `where` the run stands is asked ten times a second at most for the line that moves,
    /// and once a second at most for progress.json in `folder`.
    void goes_on(const run::RunFolder& folder, const std::function<run::RunProgress()>& where);

private:
    using Clock = std::chrono::steady_clock;

    const command_line::Terminal terminal_ = command_line::Terminal::of_standard_error();
    std::mutex mutex_;  // guards what follows, and keeps lines apart
    bool moving_line_shown_ = false;
    bool explained_ = false;
    Clock::time_point next_line_{};
    Clock::time_point next_file_{};
};

}  // namespace fedgram::coordinator
