#pragma once

#include <cstdint>
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

[[nodiscard]] Reference reference_step(const Model& model, std::span<const double> parameters,
                                       std::span<const float> pixels, std::span<const std::int64_t> labels,
                                       ReferenceMode mode = ReferenceMode::training);

}  // namespace fedgram::learning
