#include "common/learning/networks/network_builder.hpp"

namespace fedgram::learning {

void NetworkBuilder::add(Operation operation, Extent in, Extent out, std::uint64_t traffic)
{
    const std::uint64_t read = traffic * in.elements() * sizeof(float);
    const std::uint64_t written = traffic * out.elements() * sizeof(float);
    operation.backward_flops =
        operation.forward_flops * ((operation.parameters > 0 ? 1U : 0U) + (needs_input_gradient_ ? 1U : 0U));
    operation.forward_bytes += read + written;
    operation.backward_bytes += written + read + (needs_input_gradient_ ? read : 0);
    operation.kernels.backward += operation.parameter_tensors + (needs_input_gradient_ ? 1 : 0);
    needs_input_gradient_ = needs_input_gradient_ || operation.parameters > 0;
    network_.operations.push_back(std::move(operation));
}

Extent NetworkBuilder::convolution(Extent in, const Convolution& convolution)
{
    const Extent out{convolution.channels, convolution.out_side.value_or(in.side / convolution.stride)};
    const bool depthwise = convolution.groups == in.channels && convolution.groups > 1;
    const auto weights =
        convolution.channels * in.channels / convolution.groups * convolution.kernel * convolution.kernel;
    Operation operation;
    operation.name = depthwise ? "depthwise convolution" : "convolution";
    operation.forward_flops = 2 * weights * out.side * out.side;
    operation.parameters = weights + (convolution.bias ? convolution.channels : 0);
    operation.parameter_tensors = convolution.bias ? 2 : 1;
    operation.kernels.forward = operation.parameter_tensors;
    add(std::move(operation), in, out, depthwise ? 2 * convolution.kernel * convolution.kernel : 1);
    return out;
}

Extent NetworkBuilder::batch_norm(Extent in)
{
    const auto once = in.elements() * sizeof(float);
    Operation operation;
    operation.name = "batch normalization";
    operation.forward_bytes = once;
    operation.backward_bytes = 2 * once;
    operation.kernels = {2, 0};
    add(std::move(operation), in, in);
    auto& added = network_.operations.back();
    // Its two parameters' gradients come out of the kernel that makes the input's.
    added.parameters = 2 * in.channels;
    added.parameter_tensors = 2;
    return in;
}

Extent NetworkBuilder::channel_scale(Extent in)
{
    Operation operation;
    operation.name = "channel scale";
    operation.parameters = in.channels;
    operation.parameter_tensors = 1;
    operation.kernels.forward = 1;
    add(std::move(operation), in, in);
    return in;
}

Extent NetworkBuilder::elementwise(const std::string& name, Extent in)
{
    add({.name = name, .kernels = {1, 0}}, in, in);
    return in;
}

Extent NetworkBuilder::add_shortcut(Extent in)
{
    const auto once = in.elements() * sizeof(float);
    network_.operations.push_back({.name = "addition", .forward_bytes = 3 * once, .kernels = {1, 0}});
    return in;
}

Extent NetworkBuilder::pool(Extent in, std::uint64_t out_side)
{
    const Extent out{in.channels, out_side};
    add({.name = "pooling", .kernels = {1, 0}}, in, out);
    return out;
}

Extent NetworkBuilder::linear(Extent in, std::uint64_t features)
{
    const Extent out{features, 1};
    Operation operation;
    operation.name = "linear";
    operation.forward_flops = 2 * in.elements() * features;
    operation.parameters = (in.elements() + 1) * features;
    operation.parameter_tensors = 2;
    operation.kernels.forward = 1;
    add(std::move(operation), in, out);
    return out;
}

Extent NetworkBuilder::embedding(std::uint64_t rows, std::uint64_t features)
{
    const Extent out{features, 1};
    Operation operation;
    operation.name = "embedding";
    operation.parameters = rows * features;
    operation.parameter_tensors = 1;
    operation.kernels.forward = 1;
    const bool others_need = needs_input_gradient_;
    needs_input_gradient_ = false;  // an index has none
    add(std::move(operation), out, out);
    needs_input_gradient_ = others_need || needs_input_gradient_;
    return out;
}

Extent NetworkBuilder::convolution_block(Extent in, const Convolution& convolution)
{
    return elementwise("relu", batch_norm(this->convolution(in, convolution)));
}

}  // namespace fedgram::learning
