#include "common/learning/torch/cost_counter.hpp"

#include <set>
#include <span>
#include <string_view>

#include <ATen/record_function.h>

namespace fedgram::learning::torch_engine {

namespace {

struct Counter {
    std::set<const void*> parameters;  // their memory: what lies there is no activation
    int depth = 0;
    ModelCost cost;
};

// The hooks are plain functions; one thread counts at a time.
thread_local Counter* counter = nullptr;

// What the start hook saw and the end hook needs.
struct Operator : at::ObserverContext {
    std::vector<torch::Tensor> inputs;
};

const void* memory_of(const torch::Tensor& tensor)
{
    return tensor.has_storage() ? tensor.storage().unsafeGetStorageImpl() : nullptr;
}

std::vector<torch::Tensor> tensors_in(std::span<const c10::IValue> values)
{
    std::vector<torch::Tensor> tensors;
    for (const auto& value : values) {
        if (value.isTensor() && value.toTensor().defined())
            tensors.push_back(value.toTensor());
        else if (value.isTensorList())
            for (const auto& tensor : value.toTensorVector()) tensors.push_back(tensor);
    }
    return tensors;
}

std::uint64_t elements(const torch::Tensor& tensor) { return static_cast<std::uint64_t>(tensor.numel()); }
std::uint64_t bytes(const torch::Tensor& tensor) { return elements(tensor) * tensor.element_size(); }

// One product: FLOPs forward, and the same again for each operand that needs its gradient.
void count_product(std::uint64_t flops, const torch::Tensor& a, const torch::Tensor& b)
{
    counter->cost.forward_flops += flops;
    counter->cost.backward_flops += flops * (std::uint64_t{a.requires_grad()} + std::uint64_t{b.requires_grad()});
}

// All convolutions and matrix products end in these operators.
void count_flops(std::string_view name, const std::vector<torch::Tensor>& inputs, const torch::Tensor& output)
{
    if (name == "aten::_convolution") {
        // Each output element sums over one filter; of a transposed convolution, each input element feeds one.
        const auto& weight = inputs[1];
        const std::uint64_t filter = elements(weight) / static_cast<std::uint64_t>(weight.size(0));
        const bool transposed = output.size(1) != weight.size(0);
        count_product(2 * filter * elements(transposed ? inputs[0] : output), inputs[0], weight);
    } else if (name == "aten::mm" || name == "aten::bmm" || name == "aten::mv" || name == "aten::dot") {
        count_product(2 * elements(output) * static_cast<std::uint64_t>(inputs[0].size(-1)), inputs[0], inputs[1]);
    } else if (name == "aten::addmm" || name == "aten::baddbmm" || name == "aten::addmv") {
        count_product(2 * elements(output) * static_cast<std::uint64_t>(inputs[1].size(-1)), inputs[1], inputs[2]);
    }
}

// By the rule of kernels.hpp, for an operator that writes something.
void count_kernels(std::string_view name, const std::vector<torch::Tensor>& inputs, bool needs_gradient)
{
    const bool convolution = name.starts_with("aten::conv") || name == "aten::_convolution";
    counter->cost.kernels.forward += convolution && inputs.size() > 2 ? 2 : 1;
    if (!needs_gradient) return;
    for (const auto& input : inputs) counter->cost.kernels.backward += input.requires_grad() ? 1 : 0;
}

void count_bytes(std::string_view name, const std::vector<torch::Tensor>& inputs,
                 const std::vector<torch::Tensor>& outputs)
{
    std::uint64_t written = 0;
    bool needs_gradient = false;
    for (const auto& output : outputs) {
        bool view = false;
        for (const auto& input : inputs) view = view || memory_of(input) == memory_of(output);
        if (!view || name.ends_with('_'))  // a name that ends in _ works in place
            written += bytes(output);
        needs_gradient = needs_gradient || output.requires_grad();
    }
    if (written == 0) return;
    std::uint64_t read = 0;
    std::uint64_t gradients = 0;
    for (const auto& input : inputs) {
        if (counter->parameters.contains(memory_of(input))) continue;
        read += bytes(input);
        gradients += input.requires_grad() ? bytes(input) : 0;
    }
    counter->cost.forward_bytes += read + written;
    if (needs_gradient) counter->cost.backward_bytes += written + read + gradients;
    count_kernels(name, inputs, needs_gradient);
}

std::unique_ptr<at::ObserverContext> on_start(const at::RecordFunction& call)
{
    ++counter->depth;
    auto seen = std::make_unique<Operator>();
    seen->inputs = tensors_in({call.inputs().data(), call.inputs().size()});
    return seen;
}

void on_end(const at::RecordFunction& call, at::ObserverContext* context)
{
    --counter->depth;
    const auto& inputs = static_cast<const Operator*>(context)->inputs;
    const auto outputs = tensors_in(call.outputs());
    if (outputs.empty()) return;
    count_flops(call.name(), inputs, outputs.front());
    if (counter->depth == 0) count_bytes(call.name(), inputs, outputs);
}

class Hooks {
public:
    explicit Hooks(Counter& target)
    {
        counter = &target;
        handle_ = at::addThreadLocalCallback(at::RecordFunctionCallback(on_start, on_end)
                                                 .needsInputs(true)
                                                 .needsOutputs(true)
                                                 .scopes({at::RecordScope::FUNCTION}));
    }
    ~Hooks()
    {
        at::removeCallback(handle_);
        counter = nullptr;
    }
    Hooks(const Hooks&) = delete;
    Hooks& operator=(const Hooks&) = delete;

private:
    at::CallbackHandle handle_{};
};

}  // namespace

ModelCost cost_of_forward(torch::jit::Module& module, const torch::Tensor& input, std::uint64_t samples,
                          c10::IValue& output)
{
    Counter count;
    for (const auto& parameter : module.parameters()) count.parameters.insert(memory_of(parameter));
    for (const auto& buffer : module.buffers()) count.parameters.insert(memory_of(buffer));
    {
        const Hooks hooks{count};
        const at::RecordFunctionGuard recording{/*is_enabled=*/true};
        output = module.forward({input});
    }
    return {count.cost.forward_flops / samples, count.cost.backward_flops / samples, count.cost.forward_bytes / samples,
            count.cost.backward_bytes / samples, count.cost.kernels};
}

}  // namespace fedgram::learning::torch_engine
