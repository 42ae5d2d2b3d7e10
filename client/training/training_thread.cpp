#include "client/training/training_thread.hpp"

#include <chrono>
#include <utility>

#include "client/training/batching.hpp"
#include "common/error/error.hpp"

namespace fedgram::client {

TrainingThread::TrainingThread(NodeTrainer& trainer, std::shared_ptr<protocol::PayloadPool> payloads,
                               std::optional<energy::CorePower> core_power,
                               std::function<void(std::vector<Answer>)> answer)
    : trainer_{trainer},
      payloads_{std::move(payloads)},
      core_power_{std::move(core_power)},
      answer_{std::move(answer)},
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
        jobs_.push_back(std::move(job));
    }
    changed_.notify_one();
}

void TrainingThread::run()
{
    using Clock = std::chrono::steady_clock;
    Batching batching;
    std::vector<Answer> ready;
    Clock::time_point first_ready;
    while (const auto job = next()) {
        const auto begun = Clock::now();
        if (auto answer = carry_out(*job)) {
            const auto ended = Clock::now();
            if (answer->result) batching.trained(answer->result->samples_seen, ended - begun);
            if (ready.empty()) first_ready = ended;
            ready.push_back(std::move(*answer));
        }
        if (!ready.empty() && !batching.may_wait(ready.size(), Clock::now() - first_ready, next_samples()))
            answer_(std::exchange(ready, {}));
    }
}

std::optional<Job> TrainingThread::next()
{
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return over_ || !jobs_.empty(); });
    if (over_) return std::nullopt;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    return job;
}

std::optional<std::uint64_t> TrainingThread::next_samples()
{
    std::optional<Task> next;
    {
        const std::lock_guard lock{mutex_};
        if (!jobs_.empty()) next = jobs_.front().task;
    }
    return next ? trainer_.samples_to_see(*next) : std::nullopt;
}

std::optional<Answer> TrainingThread::carry_out(const Job& job)
{
    if (!job.session->wants(job.task)) return std::nullopt;
    Answer answer{job.session, job.task};
    try {
        energy::NodeMeter meter{core_power_};
        answer.result = trainer_.train(job.task, *job.global, payloads_->take(job.global->size()), job.session->ended);
        answer.cost = meter.cost();
    } catch (const Interrupted&) {
        return std::nullopt;  // the run is over; nobody waits for this node
    } catch (const std::exception& error) {
        answer.failure = error.what();
    }
    return answer;
}

}  // namespace fedgram::client
