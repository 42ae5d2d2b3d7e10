#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "client/training/job.hpp"
#include "client/training/node_sum.hpp"
#include "client/training/node_trainer.hpp"
#include "client/training/training_queue.hpp"
#include "common/energy/meters/node_meter.hpp"
#include "common/protocol/payload_pool.hpp"

namespace fedgram::client {

/// A thread that trains one job after the other, as a TrainingQueue decides.
class TrainingThread {
public:
    /// What goes to the coordinator: answers, at least one, or a sum of updates whose nodes were answered before.
    using Delivery = std::variant<std::vector<Answer>, SummedUpdates>;

    /// `deliver` is called on that thread. `trainer` outlives this, and nobody else uses it meanwhile. The parameters
    /// come out of `payloads`, and the words of sums out of `sums`.
    TrainingThread(NodeTrainer& trainer, std::shared_ptr<protocol::PayloadPool> payloads,
                   std::shared_ptr<protocol::PayloadPool> sums, std::optional<energy::CorePower> core_power,
                   std::function<void(Delivery)> deliver);
    TrainingThread(const TrainingThread&) = delete;
    TrainingThread& operator=(const TrainingThread&) = delete;
    /// Waits for the training in hand, which ends at its next step if its session has ended. The others are left.
    ~TrainingThread();

    /// Throws what the queue throws.
    void add(Job job);

private:
    using Work = std::variant<Job, Delivery>;

    void run();
    /// Waits for something to do; nothing once all is over.
    [[nodiscard]] std::optional<Work> next();
    void carry_out(const Job& job);
    /// Adds the update to the sum, where it is to be held.
    void hold(const Job& job, Answer& answer, TrainingQueue::TimePoint now, Batching::Duration took);
    /// Nothing where the training was stopped because its session has ended.
    [[nodiscard]] std::optional<Answer> train(const Job& job);

    NodeTrainer& trainer_;
    std::shared_ptr<protocol::PayloadPool> payloads_;
    std::optional<energy::CorePower> core_power_;
    std::shared_ptr<protocol::PayloadPool> sums_;
    std::function<void(Delivery)> deliver_;
    NodeSum sum_;       // that thread's alone
    std::mutex mutex_;  // guards these two
    TrainingQueue queue_;
    bool over_ = false;
    std::condition_variable changed_;
    std::thread thread_;  // the last: it uses all the others
};

}  // namespace fedgram::client
