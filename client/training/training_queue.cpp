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
    if (ready_.empty()) first_ready_ = now;
    ready_.push_back(std::move(answer));
}

TrainingQueue::Step TrainingQueue::next(TimePoint now)
{
    forget_unwanted();
    if (!ready_.empty()) {
        const auto next_samples = waiting_.empty() ? std::nullopt : samples_to_see_(waiting_.front().task);
        if (!batching_.may_wait(ready_.size(), now - first_ready_, next_samples)) return std::exchange(ready_, {});
    }
    if (waiting_.empty()) return Wait{};
    auto job = std::move(waiting_.front());
    waiting_.pop_front();
    return job;
}

void TrainingQueue::forget_unwanted()
{
    std::erase_if(waiting_, [](const Job& job) { return !job.demand->wants(job.task); });
}

}  // namespace fedgram::client
