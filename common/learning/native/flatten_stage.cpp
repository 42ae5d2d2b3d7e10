#include "common/learning/native/flatten_stage.hpp"

namespace fedgram::learning::native {

FlattenStage::FlattenStage(const Kernels& kernels, ImageActivations& in, FeatureActivations& out, bool input_gradient,
                           bool feeds_linear)
    : kernels_{kernels}, in_{in}, out_{out}, input_gradient_{input_gradient}, feeds_linear_{feeds_linear}
{
}

void FlattenStage::forward(std::size_t samples)
{
    const std::size_t columns = padded(samples);
    const std::size_t pixels = in_.height * in_.width;
    if (in_.channels == 1) {
        kernels_.transpose(in_.values.data(), samples, pixels, pixels, out_.values.data(), columns);
        out_.rows = in_.values.data();
        return;
    }
    for (std::size_t pixel = 0; pixel < pixels; ++pixel)
        kernels_.transpose(in_.values.data() + pixel * in_.channels, samples, in_.channels, in_.sample_stride,
                           out_.values.data() + pixel * columns, pixels * columns);
}

void FlattenStage::evaluate(std::size_t samples)
{
    if (in_.channels == 1 && feeds_linear_)
        out_.rows = in_.values.data();
    else
        forward(samples);
}

void FlattenStage::backward(std::size_t samples, std::span<float>)
{
    if (!input_gradient_) return;
    const std::size_t columns = padded(samples);
    const std::size_t pixels = in_.height * in_.width;
    for (std::size_t pixel = 0; pixel < pixels; ++pixel)
        kernels_.transpose(out_.gradients.data() + pixel * columns, in_.channels, samples, pixels * columns,
                           in_.gradients.data() + pixel * in_.channels, in_.sample_stride);
}

}  // namespace fedgram::learning::native
