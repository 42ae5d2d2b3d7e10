#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "client/training/node_trainer.hpp"
#include "common/net/channel.hpp"

namespace fedgram::client {

/// One connection, shared by its coroutines and by what is trained for it, until the last has ended. The channel is the
/// connection's thread's alone; the training thread looks at the rest.
struct Session {
    std::unique_ptr<net::Channel> channel;
    std::atomic<bool> ended{false};
    std::atomic<std::uint32_t> newest_training{0};  // of the last model
    std::atomic<std::uint32_t> newest_round{0};

    /// Whether anybody waits for this. What was given ahead in a round that has ended meanwhile is of no use.
    [[nodiscard]] bool wants(const Task& task) const
    {
        return !ended && task.training == newest_training && task.round == newest_round;
    }
};

}  // namespace fedgram::client
