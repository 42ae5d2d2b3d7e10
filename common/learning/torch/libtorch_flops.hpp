#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/learning/torch/operator_call.hpp"

namespace fedgram::learning::torch_engine {

/// Whether LibTorch's profiler has a formula for the operator, or for one of the same shapes.
[[nodiscard]] bool has_libtorch_flops(std::string_view name);

/// The FLOPs of a finished call by the formula of LibTorch's profiler (`with_flops`): of a convolution from the input's
/// size, stride, padding, dilation and groups, of a matrix product from both factors' sizes. A transposed convolution
/// counts as the convolution that goes the other way, and one of one dimension as that of an image of height 1.
/// Nothing for convolutions of three dimensions.
[[nodiscard]] std::optional<std::uint64_t> libtorch_flops(const OperatorCall& call);

}  // namespace fedgram::learning::torch_engine
