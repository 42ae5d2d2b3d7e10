#include "common/learning/torch/call_cost.hpp"

#include <algorithm>

namespace fedgram::learning::torch_engine {

namespace {

std::uint64_t bytes(const at::Tensor& tensor)
{
    return elements(tensor) * static_cast<std::uint64_t>(tensor.element_size());
}

struct Product {
    std::uint64_t flops = 0;
    const Operand& left;
    const Operand& right;
};

bool is_transposed(const OperatorCall& call)
{
    const auto flag = call.value("transposed");
    return flag ? flag->toBool() : call.name().starts_with("aten::conv_transpose");
}

// Each element of the result sums over one filter; of a transposed convolution, each element of the input feeds one.
// The weight's first dimension counts filters, and a filter has the channels of one group.
Product convolution(const OperatorCall& call)
{
    const auto& input = call.operand(0);
    const auto& weight = call.operand(1);
    const std::uint64_t filter = elements(weight.tensor) / static_cast<std::uint64_t>(weight.tensor.size(0));
    return {2 * filter * elements(is_transposed(call) ? input.tensor : call.results().front()), input, weight};
}

Product matrix_product(const OperatorCall& call)
{
    const auto [left, right] = factors_of(call.name());
    const auto& first = call.operand(left);
    const auto depth = static_cast<std::uint64_t>(first.tensor.size(-1));
    return {2 * depth * elements(call.results().front()), first, call.operand(right)};
}

// The same number of FLOPs again for each factor that needs its gradient.
void add_flops(ModelCost& cost, const OperatorCall& call, const Product& product)
{
    cost.forward_flops = product.flops;
    if (!call.result_needs_gradient()) return;
    const auto gradients = std::uint64_t{product.left.needs_gradient} + std::uint64_t{product.right.needs_gradient};
    cost.backward_flops = product.flops * gradients;
}

// Arithmetic with sizes, as a traced model does it: the host's, on single integers that aren't the module's.
bool is_of_the_host(const OperatorCall& call, const std::set<const void*>& module_memory)
{
    const auto single = [&](const at::Tensor& tensor) {
        return tensor.dim() == 0 && at::isIntegralType(tensor.scalar_type(), /*includeBool=*/true) &&
               !module_memory.contains(memory_of(tensor));
    };
    const auto operands = call.operands();
    return std::all_of(operands.begin(), operands.end(), [&](const auto& each) { return single(each.tensor); }) &&
           std::all_of(call.results().begin(), call.results().end(), single);
}

// One channel a group: how often it passes over its tensors, by network.hpp; 1 for all else.
std::uint64_t passes(const OperatorCall& call)
{
    const auto groups = call.value("groups");
    const auto& input = call.operand(0).tensor;
    const auto& weight = call.operand(1).tensor;
    const auto spatial = weight.dim() - 2;
    if (!groups || groups->toInt() == 1 || input.size(-spatial - 1) != groups->toInt()) return 1;
    return 2 * elements(weight) / static_cast<std::uint64_t>(weight.size(0) * weight.size(1));
}

// What it reads, writes and launches where it writes something; a view costs nothing.
void add_traffic(ModelCost& cost, OperatorRule rule, const OperatorCall& call,
                 const std::set<const void*>& module_memory)
{
    std::uint64_t written = 0;
    bool launches = false;
    for (const auto& result : call.results()) {
        if (!call.writes(result)) continue;
        launches = true;
        if (!module_memory.contains(memory_of(result))) written += bytes(result);
    }
    if (!launches || is_of_the_host(call, module_memory)) return;

    const bool backward = call.result_needs_gradient();
    std::uint64_t read = 0;
    std::uint64_t gradients = 0;
    std::uint32_t gradient_kernels = 0;
    for (const auto& [tensor, needs_gradient] : call.operands()) {
        const bool wanted = backward && needs_gradient;
        const bool handed_on = rule == OperatorRule::addition && tensor.sizes() == call.results().front().sizes();
        gradient_kernels += wanted && !handed_on ? 1 : 0;
        if (module_memory.contains(memory_of(tensor))) continue;
        read += bytes(tensor);
        gradients += wanted ? bytes(tensor) : 0;
    }
    cost.kernels = {1, gradient_kernels};
    cost.forward_bytes = read + written;
    cost.backward_bytes = backward ? written + read + gradients : 0;

    if (rule == OperatorRule::convolution) {
        const auto bias = call.value("bias");
        cost.kernels.forward += bias && bias->isTensor() ? 1 : 0;
        cost.forward_bytes *= passes(call);
        cost.backward_bytes *= passes(call);
    }
    if (rule == OperatorRule::batch_normalization) {
        // Its statistics take another pass, two backward. One kernel makes all of its gradients.
        cost.forward_bytes += read;
        cost.backward_bytes += backward ? 2 * read : 0;
        cost.kernels.backward = std::min(cost.kernels.backward, 1U);
    }
    if (rule == OperatorRule::addition && gradient_kernels == 0) cost.backward_bytes = 0;
}

}  // namespace

ModelCost call_cost(OperatorRule rule, const OperatorCall& call, const std::set<const void*>& module_memory)
{
    ModelCost cost;
    if (rule == OperatorRule::nothing || call.results().empty()) return cost;
    if (rule == OperatorRule::convolution) add_flops(cost, call, convolution(call));
    if (rule == OperatorRule::product) add_flops(cost, call, matrix_product(call));
    add_traffic(cost, rule, call, module_memory);
    return cost;
}

}  // namespace fedgram::learning::torch_engine
