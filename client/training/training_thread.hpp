#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "client/training/node_trainer.hpp"
#include "client/training/session.hpp"
#include "common/energy/meters/node_meter.hpp"
#include "common/protocol/payload_pool.hpp"

namespace fedgram::client {

/// A task, whose it is, and the model to start from.
struct Job {
    std::shared_ptr<Session> session;
    Task task;
    std::shared_ptr<const std::vector<float>> global;
};

/// What has become of it.
struct Answer {
    std::shared_ptr<Session> session;
    Task task;
    std::optional<NodeResult> result{};  ///< none where the training failed
    energy::NodeCost cost{};
    std::string failure{};
};

/// Trains one job after the other, in the order in which they come, on a thread of its own.
class TrainingThread {
public:
    /// `answer` is called on that thread, with one answer or several (batching.hpp). `trainer` outlives this, and is
    /// nobody else's meanwhile. The parameters come out of `payloads`.
    TrainingThread(NodeTrainer& trainer, std::shared_ptr<protocol::PayloadPool> payloads,
                   std::optional<energy::CorePower> core_power, std::function<void(std::vector<Answer>)> answer);
    TrainingThread(const TrainingThread&) = delete;
    TrainingThread& operator=(const TrainingThread&) = delete;
    /// Waits for the training in hand, which ends at its next step if its session has ended. The others are left.
    ~TrainingThread();

    void add(Job job);

private:
    void run();
    /// Waits for a job; nothing once all is over.
    std::optional<Job> next();
    /// On how many samples the job will train that comes next; nothing where there is none, or none is known.
    [[nodiscard]] std::optional<std::uint64_t> next_samples();
    /// Nothing where nobody waits for it any more.
    [[nodiscard]] std::optional<Answer> carry_out(const Job& job);

    NodeTrainer& trainer_;
    std::shared_ptr<protocol::PayloadPool> payloads_;
    std::optional<energy::CorePower> core_power_;
    std::function<void(std::vector<Answer>)> answer_;
    std::mutex mutex_;  // guards these two
    std::deque<Job> jobs_;
    bool over_ = false;
    std::condition_variable changed_;
    std::thread thread_;  // the last: it uses all the others
};

}  // namespace fedgram::client
