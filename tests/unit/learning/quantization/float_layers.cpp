#include "tests/unit/learning/quantization/float_layers.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <variant>

#include "tests/unit/learning/quantization/windows.hpp"

namespace fedgram::learning {

namespace {

using Values = std::vector<float>;

struct Forward {
    const Extents& in;
    const Extents& out;
    const float* weights;  // and behind them the biases
    const Values& input;

    Values operator()(const spec::Conv2d& conv) const
    {
        Values output;
        const std::int64_t area = std::int64_t{conv.kernel} * conv.kernel;
        for_pixels(out, [&](std::int64_t channel, std::int64_t row, std::int64_t column) {
            float sum = weights[out[0] * in[0] * area + channel];
            for (std::int64_t from = 0; from < in[0]; ++from)
                for_window(in, from, row * conv.stride - conv.padding, column * conv.stride - conv.padding, conv.kernel,
                           [&](std::size_t pixel, std::int64_t i, std::int64_t j) {
                               sum += input[pixel] * weights[(channel * in[0] + from) * area + i * conv.kernel + j];
                           });
            output.push_back(sum);
        });
        return output;
    }

    Values operator()(const spec::Linear&) const
    {
        Values output;
        for (std::int64_t feature = 0; feature < out[0]; ++feature) {
            float sum = weights[out[0] * in[0] + feature];
            for (std::int64_t i = 0; i < in[0]; ++i)
                sum += input[static_cast<std::size_t>(i)] * weights[feature * in[0] + i];
            output.push_back(sum);
        }
        return output;
    }

    Values operator()(const spec::Relu&) const
    {
        Values output = input;
        for (float& value : output) value = std::max(value, 0.0F);
        return output;
    }

    Values operator()(const spec::MaxPool2d& pool) const
    {
        Values output;
        for_pixels(out, [&](std::int64_t channel, std::int64_t row, std::int64_t column) {
            float largest = -std::numeric_limits<float>::infinity();
            for_window(in, channel, row * pool.stride, column * pool.stride, pool.kernel,
                       [&](std::size_t pixel, auto, auto) { largest = std::max(largest, input[pixel]); });
            output.push_back(largest);
        });
        return output;
    }

    Values operator()(const spec::AvgPool2d& pool) const
    {
        Values output;
        for_pixels(out, [&](std::int64_t channel, std::int64_t row, std::int64_t column) {
            float sum = 0;
            for_window(in, channel, row * pool.stride, column * pool.stride, pool.kernel,
                       [&](std::size_t pixel, auto, auto) { sum += input[pixel]; });
            output.push_back(sum / static_cast<float>(pool.kernel * pool.kernel));
        });
        return output;
    }

    Values operator()(const spec::Flatten&) const { return input; }

    template <class Other>
    Values operator()(const Other&) const
    {
        throw std::logic_error{"a layer that int8 doesn't know"};
    }
};

}  // namespace

std::vector<std::vector<float>> float_layers(const Model& model, std::span<const float> parameters,
                                             std::span<const float> sample)
{
    std::vector<Values> outputs;
    Values input{sample.begin(), sample.end()};
    std::size_t taken = 0;
    for (std::size_t i = 0; i < model.layers.size(); ++i) {
        const auto& info = model.layers[i];
        const auto in = input_extents(model, i);
        input = std::visit(Forward{in, info.output_shape, parameters.data() + taken, input}, info.layer);
        taken += info.parameters;
        outputs.push_back(input);
    }
    return outputs;
}

}  // namespace fedgram::learning
