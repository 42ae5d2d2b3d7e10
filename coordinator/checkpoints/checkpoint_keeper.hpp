#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "common/run/checkpoint.hpp"
#include "common/run/run_folder.hpp"

namespace fedgram::coordinator {

/// Keeps a run's checkpoints: after rounds, no more often than the interval says, and after each training. What takes
/// long to write, as what asynchronous training holds, is written more seldom: unless the interval is 0, a twentieth of
/// the time at most goes into it.
class CheckpointKeeper {
public:
    /// `from` is where the run goes on; before its first round for one that begins.
    CheckpointKeeper(run::RunFolder& folder, std::chrono::milliseconds interval, run::Checkpoint from);

    /// The trainings that have ended.
    [[nodiscard]] const std::vector<run::TrainingSummary>& finished() const { return checkpoint_.finished; }
    /// Whether the next training goes on where it was.
    [[nodiscard]] bool in_a_training() const { return checkpoint_.point.has_value(); }
    /// Where the next training goes on; nothing where it begins.
    [[nodiscard]] std::optional<run::TrainingPoint> take_point();

    /// The training in hand has ended a round; `point` is asked for only when a checkpoint is due.
    void round_ended(const std::function<run::TrainingPoint()>& point);
    /// The training in hand stops behind a whole round, whose checkpoint may not have been due.
    void training_stopped(run::TrainingPoint point);
    void training_ended(run::TrainingSummary training);

private:
    void write();

    run::RunFolder& folder_;
    std::chrono::milliseconds interval_;
    run::Checkpoint checkpoint_;
    std::chrono::steady_clock::time_point due_;
};

}  // namespace fedgram::coordinator
