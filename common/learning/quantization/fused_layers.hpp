#pragma once

#include <cstddef>
#include <vector>

#include "common/learning/model/model.hpp"

namespace fedgram::learning {

/// A convolution or linear layer with the ReLU that stands directly behind it, which cost an int8 network one step.
/// What goes out is one of the points where activations are codes; the network's input is the first.
struct FusedLayer {
    std::size_t layer = 0;   ///< its place in model.layers
    std::size_t output = 0;  ///< the place of its ReLU, or else its own: whose output is observed
    std::size_t weight = 0;  ///< its slot in model.parameters
    std::size_t bias = 0;

    [[nodiscard]] bool has_relu() const { return output != layer; }
};

/// In the model's order. Throws SpecError, by `model.layers[3]`, for a layer that has no int8 form: tanh, a ReLU that
/// isn't directly behind a convolution or linear layer, whatever isn't known; and for a model without weights or
/// from a TorchScript file.
[[nodiscard]] std::vector<FusedLayer> fused_layers(const Model& model);

}  // namespace fedgram::learning
