#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "common/energy/work/work.hpp"
#include "common/learning/levers/weight_view.hpp"
#include "common/learning/model/model.hpp"
#include "common/learning/native/activation_view.hpp"
#include "common/learning/training/training.hpp"
#include "common/spec/experiment.hpp"
#include "common/spec/reduction.hpp"

namespace fedgram::learning {

/// What levers train on and are measured by: borrowed data, and how the model was trained.
struct WorkbenchSetting {
    Samples train;
    std::span<const std::uint32_t> indices;  ///< those that train
    Samples test;
    spec::Normalization normalization;
    spec::Optimizer optimizer;  ///< of the training, as the next two
    std::uint32_t batch_size = 32;
    spec::LastBatch last_batch = spec::LastBatch::keep;
    std::uint64_t seed = 1;
};

/// What a teacher says of the samples that train, in the order of the indices: [sample][class].
struct TeacherLogits {
    std::vector<float> values;
    double temperature = 1;
    double alpha = 0;
};

/// How a model is tuned, beside the rule's epochs, rate and batches. Everything is borrowed, and may be absent.
struct Tuning {
    const WeightView* view = nullptr;
    native::ViewedPoints activations{};
    const TeacherLogits* teacher = nullptr;
    /// In place of the samples that train, and already normalized: [channels][height][width] of the model's shape.
    std::optional<std::span<const float>> features{};
    /// Is told each step's number, from 0, and the parameters behind the view, before the step.
    std::function<void(std::uint64_t step, std::span<const float> parameters)> before_step{};
};

/// Trains and measures models of layers in the native engine, on one thread. The same calls in the same order give the
/// same bits.
class Workbench {
public:
    explicit Workbench(WorkbenchSetting setting);

    [[nodiscard]] const WorkbenchSetting& setting() const { return setting_; }

    /// Trains these parameters; they end as what the model computes with, through the view. Returns the Work, as a
    /// training of the whole model has it.
    energy::Work tune(const Model& model, std::vector<float>& parameters, const spec::FineTuning& rule,
                      const Tuning& how = {});
    [[nodiscard]] std::uint64_t steps(const spec::FineTuning& rule) const;
    [[nodiscard]] double training_rate() const { return setting_.optimizer.learning_rate; }

    /// On the test samples.
    [[nodiscard]] Evaluation evaluate(const Model& model, std::span<const float> parameters) const;
    /// The share of the test samples that `score` gets right, which is called with batch after batch.
    [[nodiscard]] double accuracy(const Model& model, const std::function<Score(const Batch& batch)>& score) const;

    /// What `model`, whose last layer may be any, gives for the first so many of the samples that train, one after the
    /// other.
    [[nodiscard]] std::vector<float> outputs(const Model& model, std::span<const float> parameters,
                                             std::size_t samples) const;

    /// Those samples themselves, as the model is given them.
    [[nodiscard]] std::vector<float> inputs(const Model& model, std::size_t samples) const;

    /// Work of so many forward passes, in the training's batches.
    [[nodiscard]] energy::Work passes(const Model& model, std::uint64_t samples) const;

private:
    [[nodiscard]] spec::Optimizer optimizer(const spec::FineTuning& rule) const;

    WorkbenchSetting setting_;
    std::uint32_t tunings_ = 0;
};

}  // namespace fedgram::learning
