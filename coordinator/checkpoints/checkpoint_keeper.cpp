#include "coordinator/checkpoints/checkpoint_keeper.hpp"

#include <utility>

namespace fedgram::coordinator {

CheckpointKeeper::CheckpointKeeper(run::RunFolder& folder, std::chrono::milliseconds interval, run::Checkpoint from)
    : folder_{folder}, interval_{interval}, checkpoint_{std::move(from)}, written_{std::chrono::steady_clock::now()}
{
}

std::optional<run::TrainingPoint> CheckpointKeeper::take_point()
{
    return std::exchange(checkpoint_.point, std::nullopt);
}

void CheckpointKeeper::round_ended(const std::function<run::TrainingPoint()>& point)
{
    if (std::chrono::steady_clock::now() - written_ < interval_) return;
    checkpoint_.point = point();
    write();
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
    written_ = std::chrono::steady_clock::now();
}

}  // namespace fedgram::coordinator
