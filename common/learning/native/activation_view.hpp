#pragma once

#include <cstddef>
#include <span>

#include "common/learning/model/model.hpp"

namespace fedgram::learning::native {

/// What a network computes on with at some points, where that isn't what came out there: activations that are rounded
/// to codes. It is called once for each batch and point, and once more on the batch's way back.
class ActivationView {
public:
    virtual ~ActivationView() = default;

    /// Makes what came out, of all samples of a batch in whatever order, what is computed on with.
    virtual void apply(std::size_t point, std::span<float> activations) = 0;
    /// Makes the gradient by what is computed on with one by `activations`, which came out. In the same order.
    virtual void pull_back(std::size_t point, std::span<const float> activations, std::span<float> gradient) = 0;
};

/// Where a view looks: point 0 is the network's input, point i + 1 what layer i of these gives. If a convolution's
/// max-pooling is computed along with it, that is what the pooling gives. Borrowed while the network is made.
struct ViewedPoints {
    ActivationView* view = nullptr;              ///< null: nowhere
    std::span<const LayerInfo* const> layers{};  ///< of the network's model, inside residuals too
};

}  // namespace fedgram::learning::native
