#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "client/training/job.hpp"
#include "client/training/training_resources.hpp"
#include "client/training/update_encoder.hpp"
#include "client/training/update_masker.hpp"
#include "common/learning/training/training.hpp"
#include "common/spec/experiment.hpp"
#include "datasets/features/learned_part.hpp"
#include "datasets/partition/node_shares.hpp"

namespace fedgram::client {

/// Trains the nodes of one client process, one at a time: their data, their engine, and nothing of the network.
/// Use it from one thread at a time.
class NodeTrainer {
public:
    /// `resources` serve `experiment`. `state` is the folder for what only a node can know; where a training needs one
    /// and there is none, throws SpecError; SystemError where this CPU can't train in a training's precision.
    NodeTrainer(spec::Experiment experiment, TrainingResources resources, std::optional<std::filesystem::path> state);

    /// One local training of the job's node from its global model; the result's parameters lie in `buffer`. Nothing
    /// where the demand ended meanwhile.
    [[nodiscard]] std::optional<NodeResult> train(const Job& job, std::vector<float> buffer);

    /// How many samples a task's local training will see; nothing of a training that has not begun, or a task that
    /// isn't of this run.
    [[nodiscard]] std::optional<std::uint64_t> samples_to_see(const Task& task) const;

    /// Where this process may sum its nodes' updates in a training: how far one may be from the model. `is_local` as in
    /// spec::may_presum.
    [[nodiscard]] std::optional<double> sums_within(std::uint32_t training, bool is_local) const;

    /// Whether a training of this run prunes its model.
    [[nodiscard]] bool prunes() const;
    /// Of a pruned model in its sparse form. Throws ProtocolError where it isn't one.
    [[nodiscard]] std::vector<float> decoded_model(std::span<const std::byte> message) const;

    /// That trainings are on: what frozen layers give for that of the resources, where there are any.
    [[nodiscard]] const datasets::Dataset& data() const { return learned_ ? learned_->features : resources_.data; }
    [[nodiscard]] std::size_t parameter_bytes() const { return model_.parameters.bytes(); }
    [[nodiscard]] learning::EngineInfo engine() const { return resources_.engine->info(); }

private:
    /// What all nodes of one training share; made at its first use, when the one before goes.
    struct Training {
        std::uint32_t index = 0;
        datasets::NodeShares shares;
        std::unique_ptr<learning::Replica> replica;
        std::optional<UpdateEncoder> encoder;  // where its updates are compressed
        std::optional<UpdateMasker> masker;    // under secure aggregation
    };

    Training& training(std::uint32_t index);
    [[nodiscard]] std::optional<UpdateEncoder> encoder(const spec::Training& training) const;
    [[nodiscard]] std::optional<UpdateMasker> masker(const spec::Federated& rule,
                                                     const datasets::NodeShares& shares) const;

    TrainingResources resources_;
    std::optional<datasets::LearnedPart> learned_;
    spec::Experiment experiment_;  // behind frozen layers, that of what learns
    std::optional<std::filesystem::path> state_;
    learning::Model model_;
    std::optional<Training> training_;
};

}  // namespace fedgram::client
