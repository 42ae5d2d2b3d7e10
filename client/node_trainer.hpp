#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "common/learning/engine.hpp"
#include "common/learning/training.hpp"
#include "common/spec/experiment.hpp"
#include "datasets/data_source.hpp"
#include "datasets/node_shares.hpp"

namespace fedgram::client {

/// What a node sends back from one local training.
struct NodeResult {
    std::vector<float> parameters;
    std::uint64_t samples = 0;       ///< that the node holds
    std::uint64_t samples_seen = 0;  ///< samples times local epochs
    std::uint64_t steps = 0;
    double mean_loss = 0;
};

/// Trains the nodes of one client process, one at a time: their data, their engine, and nothing of the network.
/// Construct it before other threads start (the engine sets up its own); use it from one thread at a time.
class NodeTrainer {
public:
    NodeTrainer(spec::Experiment experiment, const datasets::DataSource& data);

    /// One local training of `node` from `global`. Throws Interrupted once `stop` is true.
    [[nodiscard]] NodeResult train(std::uint32_t training, std::uint32_t round, std::uint32_t node,
                                   std::span<const float> global, const std::atomic<bool>& stop);

    [[nodiscard]] const datasets::Dataset& data() const { return data_; }
    [[nodiscard]] std::size_t parameter_bytes() const { return model_.parameters.bytes(); }
    [[nodiscard]] learning::EngineInfo engine() const { return engine_->info(); }

private:
    /// What all nodes of one training share; made at its first use, and the one before is let go.
    struct Session {
        std::uint32_t training = 0;
        datasets::NodeShares shares;
        std::unique_ptr<learning::Replica> replica;
    };

    Session& session(std::uint32_t training);

    spec::Experiment experiment_;
    datasets::Dataset data_;
    std::unique_ptr<learning::Engine> engine_;
    learning::Model model_;
    std::optional<Session> session_;
};

}  // namespace fedgram::client
