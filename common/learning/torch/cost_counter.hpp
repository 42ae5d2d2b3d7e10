#pragma once

#include <torch/script.h>

#include "common/learning/model/operator_cost.hpp"

namespace fedgram::learning::torch_engine {

/// Runs `forward` once and counts what each of its operators costs: by a rule of its own, or as the sum of the
/// operators that it is made of. One that has neither is named, and its cost left unknown. FLOPs and bytes are per
/// sample of a batch of `samples`. `output` gets what `forward` returned.
///
/// Beside it stands LibTorch's own count, of the matrix products and convolutions that really run.
[[nodiscard]] std::vector<OperatorCost> cost_of_forward(torch::jit::Module& module, const torch::Tensor& input,
                                                        std::uint64_t samples, c10::IValue& output);

}  // namespace fedgram::learning::torch_engine
