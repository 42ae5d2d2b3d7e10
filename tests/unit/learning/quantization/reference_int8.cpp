#include "tests/unit/learning/quantization/reference_int8.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <variant>

#include "common/learning/quantization/affine_quantizer.hpp"
#include "common/learning/quantization/requantization.hpp"
#include "tests/unit/learning/quantization/windows.hpp"

namespace fedgram::learning {

namespace {

using Codes = std::vector<std::uint8_t>;

// By the rule that quantized_model.hpp states.
std::uint8_t code_of_sum(std::int64_t sum, const QuantizedLayer& layer, std::int64_t channel, bool has_relu)
{
    if (sum < std::numeric_limits<std::int32_t>::min() || sum > std::numeric_limits<std::int32_t>::max())
        throw std::logic_error{"a sum of an int8 layer leaves 32 bits"};
    const float product = static_cast<float>(static_cast<std::int32_t>(sum)) *
                          requantization_multiplier(layer, static_cast<std::size_t>(channel));
    const double code = std::nearbyint(static_cast<double>(product)) + layer.output.zero_point;
    return static_cast<std::uint8_t>(std::clamp(code, has_relu ? layer.output.zero_point : 0.0, 255.0));
}

struct Forward {
    const Extents& in;
    const Extents& out;
    const QuantizedLayer* layer;  // of the layer, if it has weights
    bool has_relu;
    const Codes& input;

    [[nodiscard]] std::int64_t term(std::size_t code, std::int64_t weight) const
    {
        return (std::int64_t{input[code]} - layer->input.zero_point) * layer->weights[static_cast<std::size_t>(weight)];
    }

    [[nodiscard]] std::int64_t bias(std::int64_t channel) const
    {
        return layer->biases[static_cast<std::size_t>(channel)];
    }

    Codes operator()(const spec::Conv2d& conv) const
    {
        Codes output;
        for_pixels(out, [&](std::int64_t channel, std::int64_t row, std::int64_t column) {
            std::int64_t sum = bias(channel);
            for (std::int64_t from = 0; from < in[0]; ++from)
                for_window(in, from, row * conv.stride - conv.padding, column * conv.stride - conv.padding, conv.kernel,
                           [&](std::size_t pixel, std::int64_t i, std::int64_t j) {
                               sum += term(pixel, ((channel * in[0] + from) * conv.kernel + i) * conv.kernel + j);
                           });
            output.push_back(code_of_sum(sum, *layer, channel, has_relu));
        });
        return output;
    }

    Codes operator()(const spec::Linear&) const
    {
        Codes output;
        for (std::int64_t feature = 0; feature < out[0]; ++feature) {
            std::int64_t sum = bias(feature);
            for (std::int64_t i = 0; i < in[0]; ++i) sum += term(static_cast<std::size_t>(i), feature * in[0] + i);
            output.push_back(code_of_sum(sum, *layer, feature, has_relu));
        }
        return output;
    }

    Codes operator()(const spec::MaxPool2d& pool) const
    {
        Codes output;
        for_pixels(out, [&](std::int64_t channel, std::int64_t row, std::int64_t column) {
            std::uint8_t largest = 0;
            for_window(in, channel, row * pool.stride, column * pool.stride, pool.kernel,
                       [&](std::size_t pixel, auto, auto) { largest = std::max(largest, input[pixel]); });
            output.push_back(largest);
        });
        return output;
    }

    Codes operator()(const spec::AvgPool2d& pool) const
    {
        const std::int64_t count = std::int64_t{pool.kernel} * pool.kernel;
        Codes output;
        for_pixels(out, [&](std::int64_t channel, std::int64_t row, std::int64_t column) {
            std::int64_t sum = 0;
            for_window(in, channel, row * pool.stride, column * pool.stride, pool.kernel,
                       [&](std::size_t pixel, auto, auto) { sum += input[pixel]; });
            const std::int64_t whole = sum / count;
            const std::int64_t twice_the_rest = 2 * (sum % count);
            const bool is_up = twice_the_rest > count || (twice_the_rest == count && whole % 2 == 1);
            output.push_back(static_cast<std::uint8_t>(whole + (is_up ? 1 : 0)));
        });
        return output;
    }

    Codes operator()(const spec::Relu&) const { return input; }
    Codes operator()(const spec::Flatten&) const { return input; }

    template <class Other>
    Codes operator()(const Other&) const
    {
        throw std::logic_error{"a layer that int8 doesn't know"};
    }
};

}  // namespace

std::vector<std::vector<std::uint8_t>> reference_int8_codes(const QuantizedModel& quantized,
                                                            std::span<const float> sample)
{
    const auto& layers = quantized.model.layers;
    std::vector<Codes> outputs;
    Codes input = quantize(sample, quantized.layers.front().input, "sample");
    std::size_t weighted = 0;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto in = input_extents(quantized.model, i);
        const QuantizedLayer* layer = layers[i].parameters > 0 ? &quantized.layers.at(weighted++) : nullptr;
        const bool has_relu = i + 1 < layers.size() && std::holds_alternative<spec::Relu>(layers[i + 1].layer);
        input = std::visit(Forward{in, layers[i].output_shape, layer, has_relu, input}, layers[i].layer);
        outputs.push_back(input);
    }
    return outputs;
}

std::vector<float> reference_int8_logits(const QuantizedModel& quantized, std::span<const float> sample)
{
    return dequantize(reference_int8_codes(quantized, sample).back(), quantized.layers.back().output);
}

}  // namespace fedgram::learning
