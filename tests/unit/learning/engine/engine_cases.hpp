#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "common/learning/engine/engine.hpp"
#include "common/learning/training/training.hpp"
#include "tests/support/float_batch.hpp"

namespace fedgram::learning {

/// The engines that the contract's tests run on; defined by each program that links them.
[[nodiscard]] std::vector<Engine*> engines_under_test();

/// All kinds of layers on 2 x 9 x 9 images of 4 classes: small enough to be computed naively, with strides, padding and
/// a pooling that leaves a rest.
[[nodiscard]] Model model_of_all_layers();

/// Small models of what newer networks are made of: normalizations, depthwise and grouped convolutions, residuals and
/// global pooling, on odd numbers of channels, with strides and without biases. None of them drops out.
[[nodiscard]] std::vector<Model> models_of_newer_layers();

/// A small model with dropouts, before and behind flattening.
[[nodiscard]] Model model_with_dropout();

/// By muP, four times as wide as its base: a convolution, a hidden linear layer and the logits of 2 x 6 x 6 images.
[[nodiscard]] Model wide_model();

[[nodiscard]] test::FloatBatch noise(const Shape& shape, std::size_t count, std::uint64_t seed);

/// |a - b| / |b| over one slot, by Euclidean norms; of what is next to nothing, such as the gradient of a bias before a
/// normalization, as if each of b were 1e-3.
template <class A, class B>
double distance(const ParameterSlot& slot, const A& a, const B& b)
{
    double difference = 0;
    double norm = 0;
    for (std::size_t i = slot.offset; i < slot.offset + slot.size; ++i) {
        difference += std::pow(static_cast<double>(a[i]) - static_cast<double>(b[i]), 2);
        norm += std::pow(static_cast<double>(b[i]), 2);
    }
    return std::sqrt(difference / (norm + 1e-6 * static_cast<double>(slot.size)));
}

[[nodiscard]] std::vector<float> parameters_of(const Replica& replica, const Model& model);

}  // namespace fedgram::learning
