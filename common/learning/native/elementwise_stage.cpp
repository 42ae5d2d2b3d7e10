#include "common/learning/native/elementwise_stage.hpp"

#include <cmath>

namespace fedgram::learning::native {

namespace {

AlignedFloats& values_of(Activations& activations)
{
    return std::visit([](auto& each) -> AlignedFloats& { return each.values; }, activations);
}

AlignedFloats& gradients_of(Activations& activations)
{
    return std::visit([](auto& each) -> AlignedFloats& { return each.gradients; }, activations);
}

}  // namespace

ElementwiseStage::ElementwiseStage(Elementwise function, Activations& in, Activations& out, bool input_gradient)
    : function_{function}, in_{in}, out_{out}, input_gradient_{input_gradient}
{
}

template <class Body>
void ElementwiseStage::for_each_run(std::size_t samples, const Body& body) const
{
    if (const auto* features = std::get_if<FeatureActivations>(&in_)) {
        body(0, 0, features->features * padded(samples));
        return;
    }
    const auto& in = std::get<ImageActivations>(in_);
    const auto& out = std::get<ImageActivations>(out_);
    for (std::size_t sample = 0; sample < samples; ++sample)
        for (std::size_t row = 0; row < in.height; ++row)
            body(sample * in.sample_stride + in.corner + row * in.row_stride,
                 sample * out.sample_stride + out.corner + row * out.row_stride, in.width * in.channels);
}

void ElementwiseStage::forward(std::size_t samples)
{
    const float* const in = values_of(in_).data();
    float* const out = values_of(out_).data();
    for_each_run(samples, [&](std::size_t in_at, std::size_t out_at, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const float x = in[in_at + i];
            out[out_at + i] = function_ == Elementwise::tanh ? std::tanh(x) : x < 0 ? 0 : x;
        }
    });
}

void ElementwiseStage::backward(std::size_t samples, std::span<float>)
{
    if (!input_gradient_) return;
    const float* const values = values_of(out_).data();
    const float* const from = gradients_of(out_).data();
    float* const to = gradients_of(in_).data();
    for_each_run(samples, [&](std::size_t in_at, std::size_t out_at, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const float y = values[out_at + i];
            const float slope = function_ == Elementwise::tanh ? 1 - y * y : static_cast<float>(y > 0);
            to[in_at + i] = from[out_at + i] * slope;
        }
    });
}

}  // namespace fedgram::learning::native
