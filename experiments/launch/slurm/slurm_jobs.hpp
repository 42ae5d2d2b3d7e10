#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/run/folder_lock.hpp"
#include "experiments/launch/job_runner.hpp"
#include "experiments/launch/signal_watch.hpp"
#include "experiments/launch/slurm/array_book.hpp"
#include "experiments/launch/slurm/batch_script.hpp"
#include "experiments/launch/slurm/slurm_client.hpp"
#include "experiments/launch/slurm/task_end.hpp"

namespace fedgram::experiments::slurm {

/// How jobs are handed to Slurm.
struct SlurmOptions {
    std::optional<std::uint32_t> at_once{};  ///< tasks of an array; absent: as many as there is room for
    std::uint32_t cpus = 1;                  ///< of a job
    std::optional<std::string> time{};       ///< a job's limit, as Slurm takes it
    std::vector<std::string> more{};         ///< the user's own options of sbatch
};

/// Jobs as tasks of Slurm's job arrays, an array for each call of `submit`, or several where it is longer than the
/// cluster takes.
///
/// What it knows is in a folder on a file system that all nodes have. Another object over the same folder finds the
/// arrays of one that was killed: a job that is still queued or at work isn't submitted again. Ends are learnt by the
/// files that tasks write, so that no accounting is needed; a task that has gone from the queue without one is
/// submitted again, most_tries_again times.
///
/// A stop ends this object's watch alone: the arrays go on, and it says how to end them.
class SlurmJobs final : public JobRunner {
public:
    /// Checks that Slurm is here and takes such jobs; writes nothing yet. Throws SystemError and SpecError of one line.
    SlurmJobs(std::filesystem::path folder, SlurmOptions options);

    void submit(const std::vector<Job>& jobs) override;
    [[nodiscard]] std::vector<JobEnd> wait(std::chrono::milliseconds at_most) override;
    [[nodiscard]] std::size_t outstanding() const override { return stopped_by_ ? 0 : watched_.size(); }
    [[nodiscard]] std::optional<int> stopped_by() const override { return stopped_by_; }

private:
    using Clock = SignalWatch::Clock;

    struct TaskPlace {
        std::uint32_t array = 0;  ///< its number
        std::uint32_t index = 0;

        friend auto operator<=>(const TaskPlace&, const TaskPlace&) = default;
    };

    /// A job and the task that it is.
    struct Watched {
        Job job;
        std::optional<TaskPlace> place{};
        unsigned tries = 0;    ///< again
        unsigned missing = 0;  ///< from the queue, look after look
        std::optional<TaskEnd> end{};
    };

    /// Takes it, and learns what an earlier object has left at work.
    void open_folder();
    [[nodiscard]] std::string call_of(const Job& job) const;
    /// Hands in what has no task yet.
    void place();
    void place_array(const std::vector<std::string>& names);
    void read_ends();
    void look_at_queue();
    [[nodiscard]] std::vector<JobEnd> settled();
    [[nodiscard]] std::string task_of(const Watched& watched) const;
    [[nodiscard]] TaskArray& array_of(std::uint32_t number);
    void write_book() const;
    void say_once(const std::string& line);
    void stop(int signal);

    std::filesystem::path folder_;
    SlurmOptions options_;
    SlurmClient client_;
    ClusterConfig config_;
    SignalWatch signals_;
    std::optional<run::FolderLock> lock_;  // once there is something to write
    ArrayBook book_;
    std::map<std::string, TaskPlace> left_;   // by call: tasks of an earlier object that were queued or at work
    std::map<std::string, Watched> watched_;  // by job
    std::vector<std::string> unplaced_;       // jobs without a task, in their order
    std::map<TaskPlace, std::string> job_of_;
    Clock::time_point look_at_ = Clock::now();  // the queue, next time
    std::set<std::string> said_;
    bool has_placed_ = false;
    std::optional<int> stopped_by_;
};

}  // namespace fedgram::experiments::slurm
