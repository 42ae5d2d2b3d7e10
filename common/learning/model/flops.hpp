#pragma once

#include <cstdint>

#include "common/learning/model/model.hpp"
#include "common/spec/experiment.hpp"

namespace fedgram::learning {

// What a model costs, by counting. The convention, for layer lists and TorchScript models alike:
//
// FLOPs. A multiply-accumulate is 2 FLOPs. Convolutions and matrix products count; biases, activations, pooling and
// the optimizer count 0. Backward costs one forward for the weight gradient and one for the input gradient; the first
// layer with parameters needs no input gradient, and layers before it need nothing.
//
// Bytes between device memory and cores, float32. Per sample, forward reads each layer's input and writes its output;
// backward reads the output's gradient and the saved input, and writes the input's gradient where one is needed.
// `flatten` moves nothing. Batch normalizations, depthwise convolutions and residual additions move what
// networks/network.hpp says. Per step, the parameters are read by forward and by backward, the gradients are written,
// and the optimizer reads and writes: see `step_bytes`.

/// Fills in each layer's FLOPs, bytes and kernels from its shapes, and the model's cost as their sum. For layer lists.
void count_cost(Model& model);

/// Bytes that one training step moves whatever its batch: 3 passes over the parameters for forward, backward and the
/// gradients, then 3 for SGD (parameters in and out, gradients in), 5 with momentum (its buffer in and out too) or 7
/// for Adam and AdamW (both moments in and out), and 3 for a clipped gradient (in for its norm, in and out for its
/// scaling).
[[nodiscard]] std::uint64_t step_bytes(const ParameterTable& parameters, const spec::Optimizer& optimizer);

}  // namespace fedgram::learning
