#pragma once

#include <span>
#include <vector>

#include "common/learning/model/model.hpp"
#include "common/spec/layer.hpp"

namespace fedgram::learning {

/// A model without batch normalizations.
struct FoldedModel {
    spec::ModelSpec spec;  ///< with its layers
    Model model;           ///< what is left has the names that it had
    std::vector<float> parameters;
};

/// At evaluation a batch normalization is an affine function of what the convolution before it gives, so both are one
/// convolution with a bias (Jacob et al. 2018, arXiv:1712.05877, section 3.2):
///
///     w' = w gamma / sqrt(variance + epsilon),  b' = (b - mean) gamma / sqrt(variance + epsilon) + beta
///
/// in double, each rounded once. A weight of 0 stays +0. The model gives the same logits but for rounding. Throws
/// SpecError, by `model.layers[3]`, for a batch normalization that isn't directly behind a convolution.
[[nodiscard]] FoldedModel folded(const spec::ModelSpec& spec, const Model& model, std::span<const float> parameters);

}  // namespace fedgram::learning
