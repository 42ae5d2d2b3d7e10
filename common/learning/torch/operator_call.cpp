#include "common/learning/torch/operator_call.hpp"

#include <algorithm>

namespace fedgram::learning::torch_engine {

namespace {

void append_tensors(const c10::IValue& value, std::vector<at::Tensor>& tensors)
{
    if (value.isTensor() && value.toTensor().defined()) tensors.push_back(value.toTensor());
    if (value.isTensorList())
        for (const auto& each : value.toTensorVector()) tensors.push_back(each);
    if (value.isOptionalTensorList())
        for (const auto& each : value.toOptionalTensorVector())
            if (each && each->defined()) tensors.push_back(*each);
}

// The last `count` of what was recorded; all of it where there is less, as at the end of a call that has thrown.
std::span<const c10::IValue> last(std::span<const c10::IValue> values, std::size_t count)
{
    return values.last(std::min(count, values.size()));
}

}  // namespace

const void* memory_of(const at::Tensor& tensor)
{
    return tensor.has_storage() ? tensor.storage().unsafeGetStorageImpl() : nullptr;
}

std::uint64_t elements(const at::Tensor& tensor) { return static_cast<std::uint64_t>(tensor.numel()); }

std::optional<OperatorCall> OperatorCall::of(const at::RecordFunction& started)
{
    const auto name = started.operator_name();
    if (!name) return std::nullopt;
    const auto handle = c10::Dispatcher::singleton().findSchema(*name);
    if (!handle) return std::nullopt;
    return OperatorCall{*handle, {started.inputs().data(), started.inputs().size()}};
}

OperatorCall::OperatorCall(const c10::OperatorHandle& handle, std::span<const c10::IValue> arguments) : handle_{handle}
{
    const auto own = last(arguments, schema().arguments().size());
    arguments_.assign(own.begin(), own.end());
    for (const auto& argument : arguments_) {
        std::vector<at::Tensor> tensors;
        append_tensors(argument, tensors);
        auto& operands = tensors_.emplace_back();
        for (const auto& tensor : tensors) operands.push_back({tensor, tensor.requires_grad()});
    }
}

void OperatorCall::finish(const at::RecordFunction& ended)
{
    for (const auto& value : last(ended.outputs(), schema().returns().size())) append_tensors(value, results_);
}

bool OperatorCall::is_composite() const
{
    return handle_.hasKernelForDispatchKey(c10::DispatchKey::CompositeImplicitAutograd);
}

std::vector<Operand> OperatorCall::operands() const
{
    std::vector<Operand> all;
    for (const auto& each : tensors_) all.insert(all.end(), each.begin(), each.end());
    return all;
}

std::optional<c10::IValue> OperatorCall::value(std::string_view argument) const
{
    const auto index = schema().argumentIndexWithName(c10::string_view{argument.data(), argument.size()});
    if (!index) return std::nullopt;
    return arguments_.at(static_cast<std::size_t>(*index));
}

bool OperatorCall::result_needs_gradient() const
{
    return std::any_of(results_.begin(), results_.end(), [](const auto& each) { return each.requires_grad(); });
}

bool OperatorCall::writes(const at::Tensor& result) const
{
    if (name().ends_with('_')) return true;
    for (const auto& operands : tensors_)
        for (const auto& operand : operands)
            if (memory_of(operand.tensor) == memory_of(result)) return false;
    return true;
}

}  // namespace fedgram::learning::torch_engine
