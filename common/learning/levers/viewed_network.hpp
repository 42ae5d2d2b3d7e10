#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "common/learning/engine/engine.hpp"
#include "common/learning/levers/weight_view.hpp"
#include "common/learning/native/network.hpp"
#include "common/learning/training/optimizer.hpp"

namespace fedgram::learning {

/// A model of layers in the native engine that trains through a view of its weights, and of its activations.
class ViewedNetwork {
public:
    /// Takes the parameters, with an optimizer's state of zero. Borrows the views: that of the weights may be null, and
    /// may change between two steps. The model's own randomness is drawn by `seed`.
    ViewedNetwork(const Model& model, std::span<const float> parameters, const spec::Optimizer& optimizer,
                  const WeightView* view, std::uint64_t seed, const native::ViewedPoints& activations = {});

    /// One step on the mean cross-entropy of the batch, or on a loss that soft targets have a part in.
    void step(const Batch& batch, double learning_rate, const native::SoftTargets* soft = nullptr);
    /// The parameters behind the view.
    [[nodiscard]] std::span<const float> parameters() const { return parameters_; }
    /// What the model computes with.
    [[nodiscard]] std::span<const float> weights();

private:
    native::Network network_;
    native::AlignedFloats parameters_;
    native::AlignedFloats weights_;  // through the view
    native::AlignedFloats gradient_;
    FlatOptimizer optimizer_;
    const WeightView* view_;
    std::string name_;
    std::size_t least_batch_;
    std::size_t trained_;  // floats in front of the buffers
    std::uint64_t seed_;
    std::uint64_t steps_ = 0;
};

}  // namespace fedgram::learning
