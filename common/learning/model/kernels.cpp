#include "common/learning/model/kernels.hpp"

#include <variant>

namespace fedgram::learning {

namespace {

std::uint64_t optimizer_kernels(const spec::Optimizer& optimizer)
{
    // The norm of the gradient, and its scaling.
    const std::uint64_t clipping = optimizer.gradient_clip ? 2 : 0;
    if (optimizer.is_adaptive()) return 8 + clipping;
    return (optimizer.nesterov ? 4 : optimizer.momentum > 0 ? 3 : 1) + clipping;
}

}  // namespace

LayerKernels kernels_of(const spec::Layer& layer, bool needs_input_gradient)
{
    if (std::holds_alternative<spec::Flatten>(layer)) return {};
    const bool convolution = std::holds_alternative<spec::Conv2d>(layer);
    const std::uint32_t parameters = convolution || std::holds_alternative<spec::Linear>(layer) ? 2 : 0;
    return {convolution ? 2U : 1U, parameters + (needs_input_gradient ? 1U : 0U)};
}

LayerKernels kernels_of(std::span<const spec::Layer> layers)
{
    LayerKernels sum;
    bool needs_input_gradient = false;
    for (const auto& layer : layers) {
        const auto kernels = kernels_of(layer, needs_input_gradient);
        sum.forward += kernels.forward;
        sum.backward += kernels.backward;
        needs_input_gradient = needs_input_gradient || kernels.backward > 0;
    }
    return sum;
}

std::uint64_t step_kernels(const LayerKernels& model, const spec::Optimizer& optimizer)
{
    return batch_kernels + model.forward + 2 * loss_kernels + model.backward + optimizer_kernels(optimizer);
}

std::uint64_t evaluation_kernels(const LayerKernels& model)
{
    constexpr std::uint64_t right_answers = 2;  // the largest logit, and whether it is the label's
    return batch_kernels + model.forward + loss_kernels + right_answers;
}

}  // namespace fedgram::learning
