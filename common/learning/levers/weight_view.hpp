#pragma once

#include <span>

namespace fedgram::learning {

/// What a model computes with where that isn't its parameters as they are: weights that are masked, shared or
/// quantized. Parameters, weights and gradients are of the model's size.
class WeightView {
public:
    virtual ~WeightView() = default;

    virtual void apply(std::span<const float> parameters, std::span<float> weights) const = 0;
    /// Makes the gradient by the weights one by the parameters.
    virtual void pull_back(std::span<const float> parameters, std::span<float> gradient) const = 0;
};

}  // namespace fedgram::learning
