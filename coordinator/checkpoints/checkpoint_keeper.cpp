#include "coordinator/checkpoints/checkpoint_keeper.hpp"

#include <algorithm>
#include <utility>

namespace fedgram::coordinator {

CheckpointKeeper::CheckpointKeeper(run::RunFolder& folder, std::chrono::milliseconds interval, run::Checkpoint from)
    : folder_{folder},
      interval_{interval},
      checkpoint_{std::move(from)},
      due_{std::chrono::steady_clock::now() + interval}
{
}

std::optional<run::TrainingPoint> CheckpointKeeper::take_point()
{
    return std::exchange(checkpoint_.point, std::nullopt);
}

void CheckpointKeeper::round_ended(const std::function<run::TrainingPoint()>& point)
{
    const auto began = std::chrono::steady_clock::now();
    if (began < due_) return;
    checkpoint_.point = point();
    write();
    constexpr int share = 20;
    const auto ended = std::chrono::steady_clock::now();
    if (interval_ > interval_.zero()) due_ = std::max(due_, ended + (share - 1) * (ended - began));
}

void CheckpointKeeper::training_stopped(run::TrainingPoint point)
{
    checkpoint_.point = std::move(point);
    write();
}

void CheckpointKeeper::training_ended(run::TrainingSummary training)
{
    checkpoint_.finished.push_back(std::move(training));
    checkpoint_.point.reset();
    write();
}

void CheckpointKeeper::write()
{
    checkpoint_.ends = folder_.synced_ends();
    run::write_checkpoint(folder_.path(), checkpoint_);
    due_ = std::chrono::steady_clock::now() + interval_;
}

}  // namespace fedgram::coordinator
