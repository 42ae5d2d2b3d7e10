#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <variant>
#include <vector>

#include "client/training/batching.hpp"
#include "client/training/holding.hpp"
#include "client/training/job.hpp"

namespace fedgram::client {

/// Decides what a client's training thread does next: which job it trains, and which answers go out together. Knows no
/// thread, lock or clock: it is fed, and asked with the time.
class TrainingQueue {
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    /// How many samples a task's training will see; nothing where that isn't known.
    using SamplesToSee = std::function<std::optional<std::uint64_t>(const Task&)>;

    /// Nothing to do until a job comes, or until then.
    struct Wait {
        std::optional<TimePoint> until{};
    };
    /// The sum of what is held goes out.
    struct SendSum {};
    using Step = std::variant<Wait, Job, std::vector<Answer>, SendSum>;

    /// A coordinator hands out some twenty nodes at most before it has heard of the first. One that hands out this many
    /// is broken.
    static constexpr std::size_t most_waiting = 1024;

    explicit TrainingQueue(SamplesToSee samples_to_see) : samples_to_see_{std::move(samples_to_see)} {}

    /// Throws ProtocolError when too many wait.
    void add(Job job);
    /// The training of a job has ended, after it took so long.
    void ended(Answer answer, TimePoint now, Batching::Duration took);
    /// The next step: jobs in the order in which they came, but for those that nobody waits for any more.
    [[nodiscard]] Step next(TimePoint now);

private:
    void forget_unwanted();

    SamplesToSee samples_to_see_;
    Batching batching_;
    Holding holding_;
    std::optional<Job> held_for_;  // of the first update that is held
    std::deque<Job> waiting_;
    std::vector<Answer> ready_;
    TimePoint first_ready_{};
};

}  // namespace fedgram::client
