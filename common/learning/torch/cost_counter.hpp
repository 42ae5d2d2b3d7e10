#pragma once

#include <torch/script.h>

#include "common/learning/model/model.hpp"

namespace fedgram::learning::torch_engine {

/// Runs `forward` once and counts what its operators cost, by the convention of common/learning/model/flops.hpp: a
/// matrix product's backward costs one forward for each operand that needs a gradient, and an operator moves the
/// activations that it reads and writes. Of what happens inside an operator (the steps of an LSTM layer, say) only the
/// products count. The cost is per sample of a batch of `samples`. `output` gets what `forward` returned.
[[nodiscard]] ModelCost cost_of_forward(torch::jit::Module& module, const torch::Tensor& input, std::uint64_t samples,
                                        c10::IValue& output);

}  // namespace fedgram::learning::torch_engine
