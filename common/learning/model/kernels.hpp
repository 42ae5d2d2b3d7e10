#pragma once

#include <cstdint>
#include <span>

#include "common/spec/experiment.hpp"
#include "common/spec/layer.hpp"

namespace fedgram::learning {

// How many kernels a step launches on its device, whatever its batch. The rule is that of an eager framework
// (PyTorch), for layer lists and TorchScript models alike:
//
// A layer launches one kernel forward, a convolution one more for its bias, and a batch normalization one more for its
// count of batches, which PyTorch keeps. Backward it launches one for each
// gradient that somebody needs: of each parameter and of its input; a batch normalization makes all of them in one.
// `flatten` launches nothing, and a residual's addition nothing backward. The first layer with
// parameters needs no input gradient, and layers before it need nothing. The loss (log-softmax, negative
// log-likelihood) launches two each way. A batch is copied to the device by two, samples and labels. The optimizer
// launches one for each of its operations, over all parameters at once, as PyTorch's multi-tensor optimizers do by
// default.

inline constexpr std::uint64_t batch_kernels = 2;
inline constexpr std::uint64_t loss_kernels = 2;  ///< each way

struct LayerKernels {
    std::uint32_t forward{};
    std::uint32_t backward{};
};

/// Of one layer; of a residual its addition alone.
[[nodiscard]] LayerKernels kernels_of(const spec::Layer& layer, bool needs_input_gradient);

/// Of all layers in their order, with those inside residuals.
[[nodiscard]] LayerKernels kernels_of(std::span<const spec::Layer> layers);

/// Of one training step: batch, forward, loss, backward and optimizer. SGD: the step. With momentum: decay of the
/// buffer, its update, the step. Adam: both moments' decay and update, the root, its scale, the epsilon, the step.
[[nodiscard]] std::uint64_t step_kernels(const LayerKernels& model, const spec::Optimizer& optimizer);

/// Of one batch that is evaluated: batch, forward, loss, and the count of the right answers by two.
[[nodiscard]] std::uint64_t evaluation_kernels(const LayerKernels& model);

/// Of one batch that only goes forward, for its outputs: samples in, outputs back, no loss and no count of right
/// answers.
[[nodiscard]] std::uint64_t forward_kernels(const LayerKernels& model);
/// The same, of what such a batch launches when it is evaluated; 0 where that has fewer, as imported work may.
[[nodiscard]] std::uint64_t forward_kernels(std::uint64_t of_evaluation);

}  // namespace fedgram::learning
