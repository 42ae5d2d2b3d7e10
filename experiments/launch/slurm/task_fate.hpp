#pragma once

#include <optional>
#include <string>

#include "experiments/launch/slurm/job_record.hpp"
#include "experiments/launch/slurm/task_end.hpp"

namespace fedgram::experiments::slurm {

/// What is to be done about a task.
struct TaskFate {
    enum class Kind {
        waits,         ///< it is queued or at work, or nobody can say
        good,          ///< its run is whole
        bad,           ///< its run failed, or is given up
        asked_after,   ///< it has gone without a word: whoever asks Slurm may learn why
        put_in_again,  ///< it is lost, and is to be submitted once more
    };
    Kind kind = Kind::waits;
    std::string how{};  ///< of a bad one
};

/// A job is submitted again so often within one call, then given up.
inline constexpr unsigned most_tries_again = 3;

/// A task that is missing from the queue so often, look after look, has gone: what it wrote may come late over a
/// network.
inline constexpr unsigned looks_until_gone = 2;

/// Of a task by what it has written down itself, if anything, and by how often in a row it was missing from the queue.
[[nodiscard]] TaskFate fate_of(const std::optional<TaskEnd>& end, unsigned missing);

/// Of one that has gone without an end of its own, was submitted again `tries` times before, and is `job` to Slurm,
/// which remembers `record` of it, or nothing. One that somebody has cancelled stays so: he would have to cancel it
/// over and over.
[[nodiscard]] TaskFate fate_of_lost(const std::string& job, const std::optional<JobRecord>& record,
                                    const std::optional<TaskEnd>& end, unsigned tries);

}  // namespace fedgram::experiments::slurm
