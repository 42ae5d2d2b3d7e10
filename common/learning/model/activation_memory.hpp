#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/learning/model/model.hpp"
#include "common/spec/number_type.hpp"

namespace fedgram::learning {

/// Whether a runtime computes a layer with weights and what follows it at once: activations, and behind a convolution
/// one pooling. What a convolution gives is then never held as a whole, but a few rows of it, which count nothing here.
enum class Fusion { none, pooling };

/// One buffer of activations, in memory from the operator that fills it to the last one that reads it. The input is
/// there from the first operator on.
struct ActivationBuffer {
    std::uint64_t bytes = 0;
    std::size_t filled_by = 0;     ///< number of an operator, from 0
    std::size_t last_used_by = 0;  ///< at least `filled_by`
};

/// What must be in memory while an operator runs: what it reads and fills, and what a later one reads.
struct OperatorMemory {
    std::string name;  ///< "pool1", or "conv1, relu1, pool1" where they are one
    std::uint64_t bytes = 0;
};

/// The activations of one answer, without weights, a runtime's own data and a kernel's scratch.
struct ActivationPlan {
    std::vector<OperatorMemory> operators;

    /// The first of those that need most. There is at least one operator.
    [[nodiscard]] const OperatorMemory& peak() const;
};

/// Bytes of the buffers that are in memory while operator `number` runs.
[[nodiscard]] std::uint64_t bytes_in_memory(std::span<const ActivationBuffer> buffers, std::size_t number);

/// Of a model of layers that answers one sample. ReLU and tanh work in place, and flattening does nothing. The least
/// that any order of buffers needs, as TensorFlow Lite for Microcontrollers places them in its arena's head. Throws
/// SpecError for a TorchScript model, and for a layer whose activations aren't known.
[[nodiscard]] ActivationPlan plan_activations(const Model& model, spec::NumberType type, Fusion fusion);

}  // namespace fedgram::learning
