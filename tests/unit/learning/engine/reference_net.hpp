#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "common/learning/model/model.hpp"

namespace fedgram::learning {

/// What the engine computes, once more and naively: in double precision, value by value, by the textbook. Dropout is
/// none.
struct Reference {
    double loss = 0;                          ///< mean cross-entropy over the batch
    std::vector<double> gradient;             ///< of that mean, by the flat array
    std::vector<std::vector<double>> logits;  ///< of each sample
    std::vector<double> tracked;              ///< the parameters, with the running averages that the step leaves
};

/// Whether a batch normalization goes by the batch or by its running averages.
enum class ReferenceMode { training, evaluation };

/// Which products of a layer multiply what is rounded to bfloat16 first.
enum class RoundedProducts { none, forward, all };
/// Of a layer and the shape of what it takes; empty: none of any.
using RoundingRule = std::function<RoundedProducts(const LayerInfo& layer, std::span<const std::int64_t> in)>;

[[nodiscard]] Reference reference_step(const Model& model, std::span<const double> parameters,
                                       std::span<const float> pixels, std::span<const std::int64_t> labels,
                                       ReferenceMode mode = ReferenceMode::training, const RoundingRule& rounding = {});

/// The nearest number of 8 significant bits; of two, the even one.
[[nodiscard]] double to_bfloat16(double value);

}  // namespace fedgram::learning
