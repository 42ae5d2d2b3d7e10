#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace fedgram::learning::torch_engine {

/// How an operator's cost is counted.
enum class OperatorRule {
    convolution,          ///< one multiply-accumulate for each weight that meets a value
    product,              ///< a matrix product: each element of the result sums over the last dimension of an operand
    batch_normalization,  ///< as common/learning/networks counts it
    addition,             ///< a sum hands its gradient on as it is
    no_flops,             ///< activations, pooling, copies and the like: they move bytes and launch a kernel
    nothing               ///< memory that isn't filled
};

/// By which rule; `name` is a schema's, "aten::relu_". Nothing for an operator that has none: what it costs isn't known
/// unless it is made of others. An operator that works in place, with a name that ends in _, has the rule of the other.
[[nodiscard]] std::optional<OperatorRule> rule_of(std::string_view name);

/// Which two arguments a matrix product multiplies; only for names with that rule.
struct Factors {
    std::size_t left;
    std::size_t right;
};
[[nodiscard]] Factors factors_of(std::string_view name);

}  // namespace fedgram::learning::torch_engine
