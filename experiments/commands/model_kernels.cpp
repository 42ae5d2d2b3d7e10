#include "experiments/commands/model_kernels.hpp"

namespace fedgram::experiments {

std::string kernel_text(const learning::LayerKernels& kernels)
{
    return std::to_string(kernels.forward) + " + " + std::to_string(kernels.backward);
}

nlohmann::ordered_json step_kernels_json(const learning::LayerKernels& kernels)
{
    spec::Optimizer optimizer;
    nlohmann::ordered_json json{{"sgd", learning::step_kernels(kernels, optimizer)}};
    optimizer.momentum = 0.9;
    json["momentum"] = learning::step_kernels(kernels, optimizer);
    optimizer.kind = spec::OptimizerKind::adam;
    json["adam"] = learning::step_kernels(kernels, optimizer);
    return json;
}

std::string step_kernels_text(const learning::LayerKernels& kernels)
{
    const auto of_step = step_kernels_json(kernels);
    return "With its batch, loss and optimizer a training step launches " + of_step["sgd"].dump() +
           " kernels by SGD, " + of_step["momentum"].dump() + " with momentum, " + of_step["adam"].dump() +
           " by Adam.\n";
}

}  // namespace fedgram::experiments
