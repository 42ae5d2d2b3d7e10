#include "tests/unit/learning/quantization/reference_int8.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>
#include <variant>

#include "common/learning/quantization/affine_quantizer.hpp"
#include "common/learning/quantization/requantization.hpp"
#include "tests/unit/learning/quantization/windows.hpp"

namespace fedgram::learning {

namespace {

using Codes = std::vector<std::uint8_t>;

/// What goes from layer to layer.
struct Activations {
    Codes codes;
    Extents extents;
    Quantizer quantizer;
};

// By the rule that quantized_model.hpp states.
std::uint8_t code_of_sum(std::int64_t sum, const QuantizedLayer& layer, std::int64_t channel)
{
    if (sum < std::numeric_limits<std::int32_t>::min() || sum > std::numeric_limits<std::int32_t>::max())
        throw std::logic_error{"a sum of an int8 layer leaves 32 bits"};
    const float product = static_cast<float>(static_cast<std::int32_t>(sum)) *
                          requantization_multiplier(layer, static_cast<std::size_t>(channel));
    const double code = std::nearbyint(static_cast<double>(product)) + layer.output.zero_point;
    return static_cast<std::uint8_t>(std::clamp(code, 0.0, 255.0));
}

class Reference {
public:
    explicit Reference(const QuantizedModel& model) : model_{model} {}

    Activations run(const std::vector<LayerInfo>& layers, Activations now)
    {
        for (const auto& layer : layers) {
            Activations next = std::visit([&](const auto& kind) { return run(layer, kind, now); }, layer.layer);
            next.extents = layer.output_shape;
            outputs.push_back(next.codes);
            now = std::move(next);
        }
        return now;
    }

    std::vector<Codes> outputs;

private:
    const QuantizedLayer& next_layer(const Activations& in)
    {
        const auto& layer = model_.layers.at(weighted_++);
        if (layer.input != in.quantizer) throw std::logic_error{"a layer's input isn't what the one before gives"};
        return layer;
    }

    Activations run(const LayerInfo& info, const spec::Conv2d& conv, const Activations& in)
    {
        const auto& layer = next_layer(in);
        const std::int64_t group_in = in.extents[0] / conv.groups;
        const std::int64_t group_out = info.output_shape[0] / conv.groups;
        Activations out{{}, {}, layer.output};
        for_pixels(info.output_shape, [&](std::int64_t channel, std::int64_t row, std::int64_t column) {
            std::int64_t sum = layer.biases[static_cast<std::size_t>(channel)];
            for (std::int64_t from = 0; from < group_in; ++from)
                for_window(in.extents, channel / group_out * group_in + from, row * conv.stride - conv.padding,
                           column * conv.stride - conv.padding, conv.kernel,
                           [&](std::size_t pixel, std::int64_t i, std::int64_t j) {
                               const auto weight = ((channel * group_in + from) * conv.kernel + i) * conv.kernel + j;
                               sum += (std::int64_t{in.codes[pixel]} - layer.input.zero_point) *
                                      layer.weights[static_cast<std::size_t>(weight)];
                           });
            out.codes.push_back(code_of_sum(sum, layer, channel));
        });
        return out;
    }

    Activations run(const LayerInfo& info, const spec::Linear&, const Activations& in)
    {
        const auto& layer = next_layer(in);
        Activations out{{}, {}, layer.output};
        const std::size_t inputs = in.codes.size();
        for (std::int64_t feature = 0; feature < info.output_shape[0]; ++feature) {
            const auto place = static_cast<std::size_t>(feature);
            std::int64_t sum = layer.biases[place];
            for (std::size_t i = 0; i < inputs; ++i)
                sum += (std::int64_t{in.codes[i]} - layer.input.zero_point) * layer.weights[place * inputs + i];
            out.codes.push_back(code_of_sum(sum, layer, feature));
        }
        return out;
    }

    Activations run(const LayerInfo& info, const spec::MaxPool2d& pool, const Activations& in)
    {
        Activations out{{}, {}, in.quantizer};
        for_pixels(info.output_shape, [&](std::int64_t channel, std::int64_t row, std::int64_t column) {
            std::uint8_t largest = 0;
            for_window(in.extents, channel, row * pool.stride, column * pool.stride, pool.kernel,
                       [&](std::size_t pixel, auto, auto) { largest = std::max(largest, in.codes[pixel]); });
            out.codes.push_back(largest);
        });
        return out;
    }

    static std::uint8_t mean(std::int64_t sum, std::int64_t count)
    {
        const std::int64_t whole = sum / count;
        const std::int64_t twice_the_rest = 2 * (sum % count);
        const bool is_up = twice_the_rest > count || (twice_the_rest == count && whole % 2 == 1);
        return static_cast<std::uint8_t>(whole + (is_up ? 1 : 0));
    }

    Activations run(const LayerInfo& info, const spec::AvgPool2d& pool, const Activations& in)
    {
        Activations out{{}, {}, in.quantizer};
        for_pixels(info.output_shape, [&](std::int64_t channel, std::int64_t row, std::int64_t column) {
            std::int64_t sum = 0;
            for_window(in.extents, channel, row * pool.stride, column * pool.stride, pool.kernel,
                       [&](std::size_t pixel, auto, auto) { sum += in.codes[pixel]; });
            out.codes.push_back(mean(sum, std::int64_t{pool.kernel} * pool.kernel));
        });
        return out;
    }

    Activations run(const LayerInfo&, const spec::GlobalAvgPool2d&, const Activations& in)
    {
        Activations out{{}, {}, in.quantizer};
        const std::int64_t pixels = in.extents[1] * in.extents[2];
        for (std::int64_t channel = 0; channel < in.extents[0]; ++channel) {
            std::int64_t sum = 0;
            for (std::int64_t i = 0; i < pixels; ++i) sum += in.codes[static_cast<std::size_t>(channel * pixels + i)];
            out.codes.push_back(mean(sum, pixels));
        }
        return out;
    }

    static Activations cut(Activations now, int highest)
    {
        for (auto& code : now.codes)
            code = static_cast<std::uint8_t>(std::clamp<int>(code, now.quantizer.zero_point, highest));
        return now;
    }
    Activations run(const LayerInfo&, const spec::Relu&, const Activations& in) { return cut(in, 255); }
    Activations run(const LayerInfo&, const spec::Relu6&, const Activations& in)
    {
        return cut(in, code_of(6, in.quantizer));
    }
    Activations run(const LayerInfo&, const spec::Flatten&, const Activations& in) { return in; }
    Activations run(const LayerInfo&, const spec::Dropout&, const Activations& in) { return in; }

    Activations run(const LayerInfo& info, const spec::Residual&, const Activations& in)
    {
        const auto layers = run(info.body, in);
        const auto shortcut = run(info.shortcut, in);
        Activations out{{}, {}, model_.additions.at(added_++)};
        for (std::size_t i = 0; i < layers.codes.size(); ++i)
            out.codes.push_back(
                code_of(value_of(layers.codes[i], layers.quantizer) + value_of(shortcut.codes[i], shortcut.quantizer),
                        out.quantizer));
        return out;
    }

    template <class Other>
    Activations run(const LayerInfo&, const Other&, const Activations&)
    {
        throw std::logic_error{"a layer that int8 doesn't know"};
    }

    const QuantizedModel& model_;
    std::size_t weighted_ = 0;
    std::size_t added_ = 0;
};

struct Judgement {
    std::vector<Codes> outputs;
    Activations last;
};

Judgement judge(const QuantizedModel& model, std::span<const float> sample)
{
    const Quantizer input = model.layers.front().input;
    const auto& shape = model.model.shape;
    Reference reference{model};
    auto last = reference.run(model.model.layers,
                              {quantize(sample, input, "sample"), {shape.channels, shape.height, shape.width}, input});
    return {std::move(reference.outputs), std::move(last)};
}

}  // namespace

std::vector<std::vector<std::uint8_t>> reference_int8_codes(const QuantizedModel& model, std::span<const float> sample)
{
    return judge(model, sample).outputs;
}

std::vector<float> reference_int8_logits(const QuantizedModel& model, std::span<const float> sample)
{
    const auto last = judge(model, sample).last;
    return dequantize(last.codes, last.quantizer);
}

}  // namespace fedgram::learning
