#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "client/serving/served_network.hpp"
#include "common/serving/nanoseconds.hpp"

namespace fedgram::client {

/// A thread with a network of its own, which computes one batch after the other.
class Instance {
public:
    /// `done` is called on the instance's thread, with its batch computed. Borrows the model.
    Instance(const ServedModel& model, std::function<void()> done);
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;
    /// Waits for the batch in hand.
    ~Instance();

    /// Begins a batch; only when none is in hand. The images are borrowed until it is done.
    void begin(std::vector<std::span<const float>> images);

    // Of the last batch, once it is done.

    [[nodiscard]] std::span<const float> logits() const { return logits_; }
    [[nodiscard]] serving::Nanoseconds took() const { return took_; }

private:
    void run();

    ServedNetwork network_;
    std::size_t classes_;
    std::function<void()> done_;
    std::vector<float> logits_;
    serving::Nanoseconds took_;
    std::mutex mutex_;  // guards these two; who has no batch in hand leaves the others to the thread that begins one
    std::vector<std::span<const float>> images_;
    bool over_ = false;
    std::condition_variable changed_;
    std::thread thread_;  // the last: it uses all the others
};

}  // namespace fedgram::client
