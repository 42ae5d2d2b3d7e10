#include "experiments/watching/tensorboard_log.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "common/error/error.hpp"
#include "common/report/live/live_scalars.hpp"
#include "common/spec/plain_name.hpp"

namespace fedgram::experiments {

namespace {

namespace fs = std::filesystem;

// By these TensorBoard knows an event file, and we know our own.
constexpr const char* prefix = "events.out.tfevents.";
constexpr const char* suffix = ".fedgram";

const fs::path& made(const fs::path& folder)
{
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw SystemError{folder.string() + " can't be made: " + error.message()};
    return folder;
}

void remove_earlier(const fs::path& folder)
{
    std::vector<fs::path> earlier;
    for (const auto& entry : fs::directory_iterator{folder})
        if (const auto name = entry.path().filename().string(); name.starts_with(prefix) && name.ends_with(suffix))
            earlier.push_back(entry.path());
    for (const auto& path : earlier) fs::remove(path);
}

/// A label becomes a folder's name.
void check_label(const std::string& label)
{
    if (!spec::is_plain_name(label))
        throw DataError{"the training \"" + label + "\" can't have a folder; a label is of " +
                        std::string{spec::plain_name_words}};
}

}  // namespace

TensorboardLog::TensorboardLog(const std::filesystem::path& folder)
    : folder_{folder}, only_writer_{made(folder), {}, "another process writes event files there"}
{
}

void TensorboardLog::begin(const report::LiveRun& run)
{
    trainings_ = std::vector<Training>(run.trainings().size());
    edition_ = run.edition();
}

void TensorboardLog::add(const report::LiveRun& run)
{
    if (trainings_.empty() || edition_ != run.edition()) begin(run);
    // A follower may come before the run has begun; a run with rounds has.
    if (run.begun()) begun_ = static_cast<double>(run.begun()->time_since_epoch().count());
    for (std::size_t i = 0; i < trainings_.size(); ++i) {
        auto& [file, written] = trainings_[i];
        const auto& training = run.trainings()[i];
        if (written == training.points.size()) continue;
        if (!file) {
            check_label(training.label);
            const auto folder = folder_ / training.label;
            remove_earlier(made(folder));
            // Another name than the last one's: TensorBoard goes on in a file where it was.
            const auto now = std::chrono::system_clock::now().time_since_epoch().count();
            file.emplace(folder / (prefix + std::to_string(now) + suffix), begun_);
        }
        for (; written < training.points.size(); ++written) {
            const auto& point = training.points[written];
            file->add(point.round, begun_ + point.virtual_time.count(),
                      report::live_scalars(point, run.facts().country));
        }
    }
}

}  // namespace fedgram::experiments
