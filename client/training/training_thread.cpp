#include "client/training/training_thread.hpp"

#include <chrono>
#include <utility>

namespace fedgram::client {

using Clock = std::chrono::steady_clock;

TrainingThread::TrainingThread(NodeTrainer& trainer, std::shared_ptr<protocol::PayloadPool> payloads,
                               std::shared_ptr<protocol::PayloadPool> sums, std::optional<energy::CorePower> core_power,
                               std::function<void(Delivery)> deliver)
    : trainer_{trainer},
      payloads_{std::move(payloads)},
      core_power_{core_power},
      sums_{std::move(sums)},
      deliver_{std::move(deliver)},
      queue_{[&trainer](const Task& task) { return trainer.samples_to_see(task); }},
      thread_{[this] { run(); }}
{
}

TrainingThread::~TrainingThread()
{
    {
        const std::lock_guard lock{mutex_};
        over_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void TrainingThread::add(Job job)
{
    {
        const std::lock_guard lock{mutex_};
        queue_.add(std::move(job));
    }
    changed_.notify_one();
}

void TrainingThread::run()
{
    while (auto work = next()) {
        if (auto* const delivery = std::get_if<Delivery>(&*work))
            deliver_(std::move(*delivery));
        else
            carry_out(std::get<Job>(*work));
    }
}

std::optional<TrainingThread::Work> TrainingThread::next()
{
    std::unique_lock lock{mutex_};
    while (!over_) {
        auto step = queue_.next(Clock::now());
        if (auto* const job = std::get_if<Job>(&step)) return std::move(*job);
        if (auto* const answers = std::get_if<std::vector<Answer>>(&step)) return Delivery{std::move(*answers)};
        if (std::holds_alternative<TrainingQueue::SendSum>(step)) {
            lock.unlock();
            return Delivery{sum_.take(sums_->take(0))};
        }
        if (const auto until = std::get<TrainingQueue::Wait>(step).until)
            changed_.wait_until(lock, *until);
        else
            changed_.wait(lock);
    }
    return std::nullopt;
}

void TrainingThread::carry_out(const Job& job)
{
    const auto begun = Clock::now();
    auto answer = train(job);
    if (!answer) return;
    const auto ended = Clock::now();
    hold(job, *answer, ended, ended - begun);
    const std::lock_guard lock{mutex_};
    queue_.ended(std::move(*answer), ended, ended - begun);
}

void TrainingThread::hold(const Job& job, Answer& answer, TrainingQueue::TimePoint now, Batching::Duration took)
{
    if (!job.sums_within || !answer.result) return;
    const auto& task = job.task;
    if (!sum_.is_of(job) && !Holding::pays(task.share_left, took, now, task.round_ends)) return;
    answer.held = sum_.add(job, *answer.result);
    if (answer.held) payloads_->give_back(std::move(answer.result->parameters));
}

std::optional<Answer> TrainingThread::train(const Job& job)
{
    Answer answer{job.demand, job.task};
    try {
        energy::NodeMeter meter{core_power_};
        answer.result = trainer_.train(job, payloads_->take(job.global->size()));
        if (!answer.result) return std::nullopt;
        answer.cost = meter.cost();
    } catch (const std::exception& error) {
        answer.failure = error.what();
    }
    return answer;
}

}  // namespace fedgram::client
