#pragma once

#include <span>
#include <string>
#include <vector>

#include "common/learning/engine/engine.hpp"

namespace fedgram::learning::native {

/// What one layer with weights gives for a batch, before its activation.
struct LayerOutput {
    std::string layer;          ///< "conv1", "fc2"
    double mean_magnitude = 0;  ///< of all its outputs for all samples; not finite where the model has diverged
};

/// Of each layer with weights, from input to logits. For models of layers.
[[nodiscard]] std::vector<LayerOutput> layer_outputs(const Model& model, std::span<const float> parameters,
                                                     const Batch& batch);

}  // namespace fedgram::learning::native
