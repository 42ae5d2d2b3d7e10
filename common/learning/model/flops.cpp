#include "common/learning/model/flops.hpp"

#include <functional>
#include <numeric>

namespace fedgram::learning {

namespace {

std::uint64_t elements(const std::vector<std::int64_t>& shape)
{
    return static_cast<std::uint64_t>(
        std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>{}));
}

std::uint64_t forward_flops(const LayerInfo& info, const std::vector<std::int64_t>& input)
{
    if (const auto* conv = std::get_if<spec::Conv2d>(&info.layer))
        return 2 * elements(info.output_shape) * static_cast<std::uint64_t>(input[0]) * conv->kernel * conv->kernel;
    if (std::holds_alternative<spec::Linear>(info.layer)) return 2 * elements(info.output_shape) * elements(input);
    return 0;
}

}  // namespace

void count_cost(Model& model)
{
    model.cost = {};
    std::vector<std::int64_t> input{model.shape.channels, model.shape.height, model.shape.width};
    bool needs_input_gradient = false;
    for (auto& info : model.layers) {
        info.forward_flops = forward_flops(info, input);
        const bool needs_weight_gradient = info.parameters > 0;
        info.backward_flops = info.forward_flops * (needs_weight_gradient + needs_input_gradient);

        const std::uint64_t input_bytes = elements(input) * sizeof(float);
        const std::uint64_t output_bytes = elements(info.output_shape) * sizeof(float);
        const bool moves = !std::holds_alternative<spec::Flatten>(info.layer);
        info.forward_bytes = moves ? input_bytes + output_bytes : 0;
        info.backward_bytes = 0;
        if (moves && (needs_weight_gradient || needs_input_gradient))
            info.backward_bytes = output_bytes + input_bytes + (needs_input_gradient ? input_bytes : 0);

        info.kernels = kernels_of(info.layer, needs_input_gradient);

        model.cost.kernels.forward += info.kernels.forward;
        model.cost.kernels.backward += info.kernels.backward;
        model.cost.forward_flops += info.forward_flops;
        model.cost.backward_flops += info.backward_flops;
        model.cost.forward_bytes += info.forward_bytes;
        model.cost.backward_bytes += info.backward_bytes;
        needs_input_gradient = needs_input_gradient || needs_weight_gradient;
        input = info.output_shape;
    }
}

std::uint64_t step_bytes(const ParameterTable& parameters, const spec::Optimizer& optimizer)
{
    const std::uint64_t passes = optimizer.is_adaptive() ? 7 : optimizer.momentum > 0 ? 5 : 3;
    const std::uint64_t clipping = optimizer.gradient_clip ? 3 : 0;
    return (3 + passes + clipping) * parameters.bytes();
}

}  // namespace fedgram::learning
