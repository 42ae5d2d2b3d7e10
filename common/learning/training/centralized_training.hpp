#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "common/learning/engine/engine.hpp"
#include "common/learning/training/epoch_batches.hpp"
#include "common/learning/training/stored_batch.hpp"
#include "common/learning/training/training.hpp"
#include "common/spec/experiment.hpp"

namespace fedgram::learning {

/// The centralized training: one node with all the data, in intervals between which it is evaluated.
///
/// The learning rate is constant, or falls linearly with each step: before a step that follows `n` samples it is
/// rate * (1 - n / (linear_decay_epochs * samples)). Where it reaches 0 the training is finished, even before
/// max_epochs, since a rate of 0 learns nothing. Each epoch is shuffled by a stream of its own.
class CentralizedTraining {
public:
    /// Trains `replica` on the samples at `indices` from its present state, of which `samples_seen` are behind it. All
    /// other references are borrowed for the training's life.
    CentralizedTraining(Replica& replica, const Model& model, const Samples& data,
                        std::span<const std::uint32_t> indices, const spec::Normalization& normalization,
                        const spec::Centralized& rule, std::uint64_t seed, std::uint64_t samples_seen = 0);

    /// Trains to the next evaluation: the first step at which a further multiple of `evaluate_every_samples` (absent:
    /// an epoch) has been seen, or the end. Its work and loss are those of this interval alone. `step_allowed` is asked
    /// before each step: false stops the training, and this interval has no result. Must not be called once finished.
    [[nodiscard]] std::optional<LocalResult> run_interval(const std::function<bool()>& step_allowed);

    [[nodiscard]] bool finished() const;
    /// How many intervals there are at most.
    [[nodiscard]] std::uint32_t intervals() const;
    /// How much of the interval under way is done, a fraction of 1.
    [[nodiscard]] double of_interval() const;
    /// Over the whole training so far; with those that a dropped last batch left out.
    [[nodiscard]] std::uint64_t samples_seen() const { return samples_seen_; }

private:
    [[nodiscard]] std::uint64_t interval_samples() const;
    [[nodiscard]] double learning_rate() const;
    [[nodiscard]] EpochBatches batches() const { return {order_.size(), rule_.batch_size, rule_.last_batch}; }
    /// Adds the samples that it trained on to `trained`.
    double step(std::uint64_t& trained);
    void shuffle();

    Replica& replica_;
    const Model& model_;
    spec::Centralized rule_;
    std::uint64_t seed_;
    StoredBatch batch_;
    std::vector<std::uint32_t> indices_;
    std::vector<std::uint32_t> order_;
    std::uint64_t samples_seen_ = 0;
};

}  // namespace fedgram::learning
