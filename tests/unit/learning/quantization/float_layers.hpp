#pragma once

#include <span>
#include <vector>

#include "common/learning/model/model.hpp"

namespace fedgram::learning {

/// What each layer of the model gives for one sample, naively in float32: for models of the kinds that int8 knows.
[[nodiscard]] std::vector<std::vector<float>> float_layers(const Model& model, std::span<const float> parameters,
                                                           std::span<const float> sample);

}  // namespace fedgram::learning
