#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "common/learning/model/model.hpp"

namespace fedgram::learning {

enum class FusedActivation { none, relu, relu6 };

/// A convolution or linear layer, or the addition of a residual, with the ReLU or ReLU6 that stands directly behind it,
/// which cost an int8 network one step. What goes out is one of the points where activations are codes by a quantizer
/// of their own. Point 0 is the network's input, point n what the n-th step gives.
struct FusedLayer {
    std::size_t layer = 0;   ///< its place in `all_layers`
    std::size_t output = 0;  ///< the place there of its activation, or else its own: whose output is observed
    FusedActivation activation = FusedActivation::none;
    std::size_t input = 0;     ///< the point whose codes go in; of an addition, those of the residual's layers
    std::size_t shortcut = 0;  ///< of an addition, the point of its shortcut's codes
    std::optional<std::size_t> weight{};  ///< its slot in model.parameters; an addition has none
    std::optional<std::size_t> bias{};    ///< nor have some convolutions a bias

    [[nodiscard]] bool is_addition() const { return !weight; }
    [[nodiscard]] bool has_relu() const { return activation != FusedActivation::none; }
};

/// In the order of `all_layers`. Throws SpecError, by `model.layers[3]`, for a layer that has no int8 form: tanh,
/// normalizations, groups of several channels, an activation that isn't directly behind one of these steps, a residual
/// before any weights, whatever isn't known; and for a model without weights or from a TorchScript file.
[[nodiscard]] std::vector<FusedLayer> fused_layers(const Model& model);

/// How many output channels or features a step with weights has.
[[nodiscard]] std::size_t channels_of(const Model& model, const FusedLayer& step);

}  // namespace fedgram::learning
