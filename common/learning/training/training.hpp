#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "common/energy/work/work.hpp"
#include "common/learning/engine/engine.hpp"

namespace fedgram::learning {

class NodeSkew;

/// Images as stored, with labels: borrowed, and outlived by what they are borrowed from. They are bytes, or else
/// floats: count x channels x height x width.
struct Samples {
    std::span<const std::uint8_t> pixels;
    std::span<const std::uint8_t> labels;
    std::span<const float> values{};
    const NodeSkew* skew = nullptr;  ///< what they go through once they are normalized; nullptr: nothing
};

struct LocalResult {
    energy::Work work;
    double mean_loss = 0;  ///< over the steps
};

/// Seed, round and node key the shuffle of each local epoch.
struct TrainingKey {
    std::uint64_t seed = 1;
    std::uint32_t round = 1;
    std::uint32_t node = 0;
};

/// A node's local training from `replica`'s present parameters: `epochs` passes over `indices`, reshuffled each pass,
/// in batches of `batch_size` (EpochBatches; what becomes of the last by `last_batch`), or no more than `most_steps` of
/// them where that is above 0. `step_allowed` is asked before each step: false stops the training, which then has no
/// result.
[[nodiscard]] std::optional<LocalResult> train_locally(Replica& replica, const Model& model, const Samples& data,
                                                       std::span<const std::uint32_t> indices,
                                                       const spec::Normalization& normalization, std::uint32_t epochs,
                                                       std::uint32_t batch_size, const spec::Optimizer& optimizer,
                                                       TrainingKey key, const std::function<bool()>& step_allowed,
                                                       spec::LastBatch last_batch = spec::LastBatch::keep,
                                                       std::uint64_t most_steps = 0);

/// Work of a training of so many samples in so many steps, by the model's cost (the optimizer's own traffic included).
[[nodiscard]] energy::Work training_work(const Model& model, const spec::Optimizer& optimizer, std::uint64_t samples,
                                         std::uint64_t steps);

struct Evaluation {
    double accuracy = 0;   ///< of 1
    double mean_loss = 0;  ///< nats
    energy::Work work;
};

/// The whole of `data`, in fixed chunks dealt out to `replicas`, one thread each; the sums run in chunk order, so the
/// result doesn't depend on how many replicas there are.
[[nodiscard]] Evaluation evaluate(std::span<const std::unique_ptr<Replica>> replicas, const Model& model,
                                  const Samples& data, const spec::Normalization& normalization);

}  // namespace fedgram::learning
