#include "coordinator/checkpoints/checkpoint_keeper.hpp"

namespace fedgram::coordinator {

CheckpointKeeper::CheckpointKeeper(RunFolder& folder, std::chrono::milliseconds interval, Checkpoint from)
    : folder_{folder}, interval_{interval}, checkpoint_{std::move(from)}, written_{std::chrono::steady_clock::now()}
{
}

std::optional<TrainingPoint> CheckpointKeeper::take_point() { return std::exchange(checkpoint_.point, std::nullopt); }

void CheckpointKeeper::round_ended(const std::function<TrainingPoint()>& point)
{
    if (std::chrono::steady_clock::now() - written_ < interval_) return;
    checkpoint_.point = point();
    write();
}

void CheckpointKeeper::training_ended(nlohmann::ordered_json summary_entry)
{
    checkpoint_.finished.push_back(std::move(summary_entry));
    checkpoint_.point.reset();
    write();
}

void CheckpointKeeper::write()
{
    checkpoint_.ends = folder_.synced_ends();
    write_checkpoint(folder_.path(), checkpoint_);
    written_ = std::chrono::steady_clock::now();
}

}  // namespace fedgram::coordinator
