#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/energy/meters/node_meter.hpp"

namespace fedgram::client {

/// One local training, as the coordinator asks for it.
struct Task {
    std::uint32_t training = 0;
    std::uint32_t round = 0;
    std::uint32_t node = 0;
    std::uint64_t most_steps = 0;  ///< 0: all of its local epochs
    std::uint32_t share_left = 0;  ///< nodes that this process is to train in the round after this one
    std::chrono::steady_clock::time_point round_ends = std::chrono::steady_clock::time_point::max();
    // With error feedback: the last round whose model has an update of the node, and the one that this was at the
    // oldest checkpoint that the coordinator may go back to; 0: none.
    std::uint32_t counted_round = 0;
    std::uint32_t settled_round = 0;
    std::vector<std::uint32_t> neighbours{};  ///< under secure aggregation: whom the node shares masks with
};

/// What a node sends back from it.
struct NodeResult {
    std::vector<float> parameters;                 ///< or, at their beginning, the bytes that a codec makes of them
    std::optional<std::uint64_t> encoded_bytes{};  ///< how many
    bool state_lost = false;                       ///< the residual that the node should have was not there
    std::uint64_t samples = 0;                     ///< that the node holds
    std::uint64_t samples_seen = 0;                ///< in its steps
    std::uint64_t steps = 0;
    double mean_loss = 0;
};

/// What one connection's coordinator waits for. The connection's thread writes it, the training thread reads it.
struct Demand {
    std::atomic<bool> ended{false};
    std::atomic<std::uint32_t> newest_training{0};  ///< of the last model
    std::atomic<std::uint32_t> newest_round{0};

    /// Whether anybody waits for this. What was given ahead in a round that has ended meanwhile is of no use.
    [[nodiscard]] bool wants(const Task& task) const
    {
        return !ended && task.training == newest_training && task.round == newest_round;
    }
};

/// A task, who waits for it, and the model to start from.
struct Job {
    std::shared_ptr<const Demand> demand;
    Task task;
    std::shared_ptr<const std::vector<float>> global;
    std::shared_ptr<const std::vector<float>> linear_term{};  ///< of the gradients' correction; null: none
    /// Where the coordinator lets this process sum its nodes' updates: how far one may be from the model.
    std::optional<double> sums_within{};
};

/// What has become of it.
struct Answer {
    std::shared_ptr<const Demand> demand;
    Task task;
    std::optional<NodeResult> result{};  ///< none where the training failed
    energy::NodeCost cost{};
    std::string failure{};
    bool held = false;  ///< its update is in this process's sum: the result has no parameters
};

/// Updates of one round that go out as their sum.
struct SummedUpdates {
    std::shared_ptr<const Demand> demand;
    std::uint32_t training = 0;
    std::uint32_t round = 0;
    std::vector<std::uint32_t> nodes;  ///< ascending
    std::uint64_t samples = 0;         ///< of all of them
    std::vector<float> words;          ///< common/learning/updates/partial_sum.hpp
};

}  // namespace fedgram::client
