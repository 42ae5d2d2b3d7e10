#include "common/learning/model/kernels.hpp"

#include <algorithm>
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
    const std::uint32_t of_input = needs_input_gradient ? 1 : 0;
    if (std::holds_alternative<spec::Flatten>(layer)) return {};
    if (std::holds_alternative<spec::Residual>(layer)) return {1, 0};
    if (std::holds_alternative<spec::BatchNorm>(layer)) return {2, 1};
    if (std::holds_alternative<spec::GroupNorm>(layer)) return {1, 2 + of_input};
    if (std::holds_alternative<spec::Linear>(layer)) return {1, 2 + of_input};
    if (const auto* conv = std::get_if<spec::Conv2d>(&layer)) {
        const std::uint32_t tensors = conv->bias ? 2 : 1;
        return {tensors, tensors + of_input};
    }
    return {1, of_input};
}

namespace {

void add(std::span<const spec::Layer> layers, bool& needs_gradient, LayerKernels& sum)
{
    for (const auto& layer : layers) {
        if (const auto* residual = std::get_if<spec::Residual>(&layer)) {
            bool shortcut_needs = needs_gradient;
            add(residual->layers, needs_gradient, sum);
            add(residual->shortcut, shortcut_needs, sum);
            needs_gradient = needs_gradient || shortcut_needs;
        }
        const auto kernels = kernels_of(layer, needs_gradient);
        sum.forward += kernels.forward;
        sum.backward += kernels.backward;
        needs_gradient = needs_gradient || kernels.backward > 0;
    }
}

}  // namespace

LayerKernels kernels_of(std::span<const spec::Layer> layers)
{
    LayerKernels sum;
    bool needs_gradient = false;
    add(layers, needs_gradient, sum);
    return sum;
}

std::uint64_t step_kernels(const LayerKernels& model, const spec::Optimizer& optimizer)
{
    return batch_kernels + model.forward + 2 * loss_kernels + model.backward + optimizer_kernels(optimizer);
}

namespace {

constexpr std::uint64_t right_answers = 2;  // the largest logit, and whether it is the label's

}  // namespace

std::uint64_t evaluation_kernels(const LayerKernels& model)
{
    return batch_kernels + model.forward + loss_kernels + right_answers;
}

std::uint64_t forward_kernels(const LayerKernels& model) { return batch_kernels + model.forward; }

std::uint64_t forward_kernels(std::uint64_t of_evaluation)
{
    return of_evaluation - std::min(of_evaluation, loss_kernels + right_answers);
}

}  // namespace fedgram::learning
