#pragma once

#include <set>

#include "common/learning/model/model.hpp"
#include "common/learning/torch/operator_call.hpp"
#include "common/learning/torch/operator_rules.hpp"

namespace fedgram::learning::torch_engine {

/// What one finished call costs, for its whole batch: by the convention of common/learning/model/flops.hpp and
/// kernels.hpp, and for batch normalization, sums and depthwise convolutions by that of
/// common/learning/networks/network.hpp. `module_memory` is where parameters and buffers lie, which are no activations.
[[nodiscard]] ModelCost call_cost(OperatorRule rule, const OperatorCall& call,
                                  const std::set<const void*>& module_memory);

}  // namespace fedgram::learning::torch_engine
