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

using Extents = std::vector<std::int64_t>;

std::uint64_t forward_flops(const LayerInfo& info, const Extents& input)
{
    if (const auto* conv = std::get_if<spec::Conv2d>(&info.layer))
        return 2 * elements(info.output_shape) * static_cast<std::uint64_t>(input[0] / conv->groups) * conv->kernel *
               conv->kernel;
    if (std::holds_alternative<spec::Linear>(info.layer)) return 2 * elements(info.output_shape) * elements(input);
    return 0;
}

// How often a layer passes over its tensors: see networks/network.hpp.
std::uint64_t passes(const spec::Layer& layer, const Extents& input)
{
    const auto* conv = std::get_if<spec::Conv2d>(&layer);
    const bool depthwise = conv && conv->groups > 1 && conv->groups == input[0];
    return depthwise ? 2 * std::uint64_t{conv->kernel} * conv->kernel : 1;
}

void count_traffic(LayerInfo& info, const Extents& input, bool needs_weight_gradient, bool needs_input_gradient)
{
    const std::uint64_t times = passes(info.layer, input) * sizeof(float);
    const std::uint64_t read = times * elements(input);
    const std::uint64_t written = times * elements(info.output_shape);
    const bool backward = needs_weight_gradient || needs_input_gradient;
    info.forward_bytes = read + written;
    info.backward_bytes = backward ? written + read + (needs_input_gradient ? read : 0) : 0;
    if (std::holds_alternative<spec::BatchNorm>(info.layer)) {
        info.forward_bytes += read;
        info.backward_bytes += 2 * read;
    }
    if (std::holds_alternative<spec::Flatten>(info.layer)) info.forward_bytes = info.backward_bytes = 0;
    if (std::holds_alternative<spec::Residual>(info.layer)) {
        info.forward_bytes = 3 * elements(info.output_shape) * sizeof(float);
        info.backward_bytes = 0;
    }
}

// Goes through layers of which each takes what the one before gives. `needs_gradient`: whether something before them
// has parameters.
class CostCount {
public:
    explicit CostCount(ModelCost& sum) : sum_{sum} {}

    void add(std::vector<LayerInfo>& layers, Extents input, bool& needs_gradient)
    {
        for (auto& info : layers) {
            if (std::holds_alternative<spec::Residual>(info.layer)) {
                bool shortcut_needs = needs_gradient;
                add(info.body, input, needs_gradient);
                add(info.shortcut, input, shortcut_needs);
                needs_gradient = needs_gradient || shortcut_needs;
            }
            const bool has_weights = info.parameters > 0;
            info.forward_flops = forward_flops(info, input);
            info.backward_flops = info.forward_flops * (has_weights + needs_gradient);
            count_traffic(info, input, has_weights, needs_gradient);
            info.kernels = kernels_of(info.layer, needs_gradient);
            sum_ += {info.forward_flops, info.backward_flops, info.forward_bytes, info.backward_bytes, info.kernels};
            needs_gradient = needs_gradient || has_weights;
            input = info.output_shape;
        }
    }

private:
    ModelCost& sum_;
};

}  // namespace

void count_cost(Model& model)
{
    model.cost = {};
    bool needs_gradient = false;
    CostCount{model.cost}.add(model.layers, {model.shape.channels, model.shape.height, model.shape.width},
                              needs_gradient);
}

std::uint64_t step_bytes(const ParameterTable& parameters, const spec::Optimizer& optimizer)
{
    const std::uint64_t passes = optimizer.is_adaptive() ? 7 : optimizer.momentum > 0 ? 5 : 3;
    const std::uint64_t clipping = optimizer.gradient_clip ? 3 : 0;
    return (3 + passes + clipping) * parameters.bytes();
}

}  // namespace fedgram::learning
