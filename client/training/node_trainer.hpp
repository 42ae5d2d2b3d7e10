#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "client/training/training_resources.hpp"
#include "common/learning/training/training.hpp"
#include "common/spec/experiment.hpp"
#include "datasets/partition/node_shares.hpp"

namespace fedgram::client {

/// One local training, as the coordinator asks for it.
struct Task {
    std::uint32_t training = 0;
    std::uint32_t round = 0;
    std::uint32_t node = 0;
};

/// What a node sends back from it.
struct NodeResult {
    std::vector<float> parameters;
    std::uint64_t samples = 0;       ///< that the node holds
    std::uint64_t samples_seen = 0;  ///< samples times local epochs
    std::uint64_t steps = 0;
    double mean_loss = 0;
};

/// Trains the nodes of one client process, one at a time: their data, their engine, and nothing of the network.
/// Use it from one thread at a time.
class NodeTrainer {
public:
    /// `equipment` serves `experiment`.
    NodeTrainer(spec::Experiment experiment, TrainingResources resources);

    /// One local training of the task's node from `global`; the result's parameters lie in `buffer`. Throws Interrupted
    /// once `stop` is true.
    [[nodiscard]] NodeResult train(const Task& task, std::span<const float> global, std::vector<float> buffer,
                                   const std::atomic<bool>& stop);

    /// How many samples a task's local training will see; nothing of a training that has not begun, or a task that
    /// isn't of this run.
    [[nodiscard]] std::optional<std::uint64_t> samples_to_see(const Task& task) const;

    [[nodiscard]] const datasets::Dataset& data() const { return resources_.data; }
    [[nodiscard]] std::size_t parameter_bytes() const { return model_.parameters.bytes(); }
    [[nodiscard]] learning::EngineInfo engine() const { return resources_.engine->info(); }

private:
    /// What all nodes of one training share; made at its first use, and the one before is let go.
    struct Session {
        std::uint32_t training = 0;
        datasets::NodeShares shares;
        std::unique_ptr<learning::Replica> replica;
    };

    Session& session(std::uint32_t training);

    spec::Experiment experiment_;
    TrainingResources resources_;
    learning::Model model_;
    std::optional<Session> session_;
};

}  // namespace fedgram::client
