#pragma once

#include <torch/script.h>

#include "common/learning/model/model.hpp"

namespace fedgram::learning::torch_engine {

/// Runs `forward` once and counts what its operators cost, by the convention of common/learning/flops.hpp: a matrix
/// product's backward costs one forward for each operand that needs a gradient, and an operator moves the activations
/// that it reads and writes. What an operator keeps to itself (the steps of an LSTM layer, say) counts as its products
/// alone. Per sample of a batch of `samples`. Gives what `forward` returned in `output`.
[[nodiscard]] ModelCost cost_of_forward(torch::jit::Module& module, const torch::Tensor& input, std::uint64_t samples,
                                        c10::IValue& output);

}  // namespace fedgram::learning::torch_engine
