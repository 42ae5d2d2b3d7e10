#pragma once

#include <optional>
#include <vector>

#include "common/learning/model/model.hpp"
#include "common/learning/pruning/mask.hpp"
#include "common/learning/quantization/quantized_model.hpp"
#include "common/learning/weight_sharing/shared_weights.hpp"
#include "common/spec/layer.hpp"
#include "common/spec/reduction.hpp"

namespace fedgram::learning {

/// A model on its way through the levers. At most one of `shared`, `rounded_to` and `int8` is there: how its weights
/// are written, once a lever has decided on it.
struct Candidate {
    spec::ModelSpec spec;  ///< with its layers
    Model model;
    std::vector<float> parameters;                    ///< what it computes with, in float32
    std::optional<Mask> mask{};                       ///< of the weights that are pruned
    std::vector<SharedWeights> shared{};              ///< one for each slot; without codes for one that isn't shared
    std::uint32_t index_bits = 0;                     ///< of shared weights: of the distance between two that aren't 0
    std::optional<spec::QuantizedType> rounded_to{};  ///< fp16 or bf16
    std::optional<QuantizedModel> int8{};             ///< what it computes with instead

    [[nodiscard]] bool is_encoded() const { return !shared.empty() || rounded_to || int8; }
};

}  // namespace fedgram::learning
