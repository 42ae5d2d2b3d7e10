#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/record_function.h>

namespace fedgram::learning::torch_engine {

/// A tensor that goes into an operator, as it was before the call: one that works in place may change it.
struct Operand {
    at::Tensor tensor;
    bool needs_gradient;
};

/// Where a tensor's values lie; the same for its views.
[[nodiscard]] const void* memory_of(const at::Tensor& tensor);

[[nodiscard]] std::uint64_t elements(const at::Tensor& tensor);

/// One call of an operator: its own arguments and results.
///
/// LibTorch hands its observers the interpreter's whole stack, in which other operators' values may lie beneath those
/// of the call. Its own are the last ones, as many as its schema has.
class OperatorCall {
public:
    /// As `started` was recorded. Nothing for what is no operator.
    [[nodiscard]] static std::optional<OperatorCall> of(const at::RecordFunction& started);
    /// Takes the results from the end of the same call.
    void finish(const at::RecordFunction& ended);

    [[nodiscard]] const std::string& name() const { return schema().name(); }
    /// Whether it is written by other operators, each of which is recorded too.
    [[nodiscard]] bool is_composite() const;

    [[nodiscard]] const Operand& operand(std::size_t argument) const { return tensors_.at(argument).at(0); }
    [[nodiscard]] std::vector<Operand> operands() const;  ///< of all arguments
    /// The value of the argument of that name, or nothing where the operator has none.
    [[nodiscard]] std::optional<c10::IValue> value(std::string_view argument) const;

    [[nodiscard]] const std::vector<at::Tensor>& results() const { return results_; }
    [[nodiscard]] bool result_needs_gradient() const;
    /// Whether `result` has memory of its own, or was written in place.
    [[nodiscard]] bool writes(const at::Tensor& result) const;

private:
    OperatorCall(const c10::OperatorHandle& handle, std::span<const c10::IValue> arguments);

    [[nodiscard]] const c10::FunctionSchema& schema() const { return handle_.schema(); }

    c10::OperatorHandle handle_;
    std::vector<c10::IValue> arguments_;
    std::vector<std::vector<Operand>> tensors_;  // for each argument
    std::vector<at::Tensor> results_;
};

}  // namespace fedgram::learning::torch_engine
