#include "common/learning/native/elementwise_stage.hpp"

#include <cmath>

#include "common/learning/native/runs.hpp"

namespace fedgram::learning::native {

namespace {

float value(Elementwise function, float x)
{
    if (function == Elementwise::tanh) return std::tanh(x);
    if (x < 0) return 0;
    return function == Elementwise::relu6 && x > 6 ? 6 : x;
}

float slope(Elementwise function, float y)
{
    if (function == Elementwise::tanh) return 1 - y * y;
    return static_cast<float>(y > 0 && (function == Elementwise::relu || y < 6));
}

}  // namespace

ElementwiseStage::ElementwiseStage(Elementwise function, Activations& in, Activations& out, bool input_gradient)
    : function_{function}, in_{in}, out_{out}, input_gradient_{input_gradient}
{
}

void ElementwiseStage::forward(std::size_t samples)
{
    const float* const in = values_of(in_).data();
    float* const out = values_of(out_).data();
    for_each_run(in_, out_, {0, samples}, [&](const Run& run) {
        for (std::size_t i = 0; i < run.count; ++i) out[run.b + i] = value(function_, in[run.a + i]);
    });
}

void ElementwiseStage::backward(std::size_t samples, std::span<float>)
{
    if (!input_gradient_) return;
    const float* const values = values_of(out_).data();
    const float* const from = gradients_of(out_).data();
    float* const to = gradients_of(in_).data();
    for_each_run(in_, out_, {0, samples}, [&](const Run& run) {
        for (std::size_t i = 0; i < run.count; ++i)
            to[run.a + i] = from[run.b + i] * slope(function_, values[run.b + i]);
    });
}

}  // namespace fedgram::learning::native
