#include "client/training/training_queue.hpp"

#include <utility>

#include "common/error/error.hpp"

namespace fedgram::client {

void TrainingQueue::add(Job job)
{
    forget_unwanted();
    if (waiting_.size() == most_waiting)
        throw ProtocolError{"the coordinator hands out more than " + std::to_string(most_waiting) +
                            " trainings at once"};
    waiting_.push_back(std::move(job));
}

void TrainingQueue::ended(Answer answer, TimePoint now, Batching::Duration took)
{
    if (answer.result) batching_.trained(answer.result->samples_seen, took);
    if (answer.held) {
        if (!holding_.until()) held_for_ = Job{answer.demand, answer.task, nullptr};
        holding_.held(now, answer.task.round_ends);
    }
    if (answer.task.share_left == 0) holding_.share_ends();
    if (ready_.empty()) first_ready_ = now;
    ready_.push_back(std::move(answer));
}

TrainingQueue::Step TrainingQueue::next(TimePoint now)
{
    forget_unwanted();
    const auto next_samples = waiting_.empty() ? std::nullopt : samples_to_see_(waiting_.front().task);
    const auto next_takes = next_samples ? batching_.expected(*next_samples) : std::nullopt;
    const bool sum_is_due = waiting_.empty() ? holding_.is_due(now) : holding_.is_due_before(now, next_takes);
    if (!ready_.empty() && (sum_is_due || !batching_.may_wait(ready_.size(), now - first_ready_, next_samples)))
        return std::exchange(ready_, {});
    if (sum_is_due) {
        holding_.over();
        return SendSum{};
    }
    if (waiting_.empty()) return Wait{holding_.until()};
    auto job = std::move(waiting_.front());
    waiting_.pop_front();
    return job;
}

void TrainingQueue::forget_unwanted()
{
    std::erase_if(waiting_, [](const Job& job) { return !job.demand->wants(job.task); });
    if (holding_.until() && !held_for_->demand->wants(held_for_->task)) holding_.over();
}

}  // namespace fedgram::client
