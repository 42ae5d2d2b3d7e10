#include "common/learning/quantization/quantize_model.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/error/error.hpp"
#include "common/learning/quantization/affine_quantizer.hpp"
#include "common/learning/quantization/fused_layers.hpp"
#include "common/learning/quantization/requantization.hpp"
#include "common/learning/quantization/symmetric_codes.hpp"
#include "common/learning/updates/largest_magnitude.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::learning {

namespace {

constexpr float most_bias_units = 0x1p30F;

void check(const Model& model, std::span<const float> parameters, std::size_t ranges, std::size_t points)
{
    if (parameters.size() != model.parameters.size)
        throw DataError{"quantization: there are " + std::to_string(parameters.size()) + " parameters; the model has " +
                        std::to_string(model.parameters.size)};
    for (std::size_t i = 0; i < parameters.size(); ++i)
        if (!std::isfinite(parameters[i])) refuse_not_finite(parameters[i], name_of(model.parameters, i));
    if (ranges != points)
        throw SpecError{"calibration: there are ranges of " + std::to_string(ranges) +
                        " activations; the model needs " + std::to_string(points) +
                        ": of its input, and of what each convolution or linear layer gives"};
}

std::vector<Quantizer> point_quantizers(const Model& model, const std::vector<FusedLayer>& layers,
                                        std::span<const ValueRange> ranges)
{
    std::vector<Quantizer> quantizers;
    for (std::size_t point = 0; point < ranges.size(); ++point) {
        const auto name = point == 0 ? "input" : model.layers[layers[point - 1].output].name;
        if (point > 0 && layers[point - 1].has_relu() && ranges[point].min < 0)
            throw SpecError{"calibration: " + name + "'s range begins at " +
                            text::shortest(static_cast<double>(ranges[point].min)) +
                            ", but a ReLU gives nothing below 0; observe what comes out of it"};
        try {
            quantizers.push_back(affine_quantizer(ranges[point]));
        } catch (Error& error) {
            error.add_context("calibration: " + name);
            throw;
        }
    }
    return quantizers;
}

std::span<const float> values_of(const Model& model, std::span<const float> parameters, std::size_t slot)
{
    const auto& place = model.parameters.slots[slot];
    return parameters.subspan(place.offset, place.size);
}

float scale_of(std::span<const float> weights, std::span<const float> biases, float input_scale)
{
    const float largest = largest_magnitude(weights);
    const float largest_bias = largest_magnitude(biases);
    // Zeros need no scale, but their bias a fine one.
    const float of_weights = largest == 0 && largest_bias > 0 ? least_scale : symmetric_scale(largest);
    return std::max(of_weights, largest_bias / (input_scale * most_bias_units));
}

QuantizedLayer quantized(std::span<const float> weights, std::span<const float> biases, const Quantizer& input,
                         const Quantizer& output, WeightScales weight_scales)
{
    QuantizedLayer layer;
    layer.input = input;
    layer.output = output;
    const std::size_t parts = weight_scales == WeightScales::per_tensor ? 1 : biases.size();
    const std::size_t weights_a_part = weights.size() / parts;
    const std::size_t biases_a_part = biases.size() / parts;
    for (std::size_t part = 0; part < parts; ++part) {
        const float scale = scale_of(weights.subspan(part * weights_a_part, weights_a_part),
                                     biases.subspan(part * biases_a_part, biases_a_part), input.scale);
        layer.weight_scales.push_back(scale);
        // The product of two float32 is exact in double.
        const double unit = static_cast<double>(input.scale) * static_cast<double>(scale);
        for (const float bias : biases.subspan(part * biases_a_part, biases_a_part))
            layer.biases.push_back(static_cast<std::int32_t>(std::nearbyint(static_cast<double>(bias) / unit)));
    }
    layer.weights = symmetric_codes(weights, layer.weight_scales);
    return layer;
}

}  // namespace

QuantizedModel quantize_model(const Model& model, std::span<const float> parameters, std::span<const ValueRange> ranges,
                              WeightScales weight_scales)
{
    const auto layers = fused_layers(model);
    check(model, parameters, ranges.size(), layers.size() + 1);
    const auto quantizers = point_quantizers(model, layers, ranges);
    QuantizedModel result{.model = model, .layers = {}};
    for (std::size_t i = 0; i < layers.size(); ++i) {
        auto layer =
            quantized(values_of(model, parameters, layers[i].weight), values_of(model, parameters, layers[i].bias),
                      quantizers[i], quantizers[i + 1], weight_scales);
        if (const auto reason = inexactness(layer))
            throw SpecError{"model.layers[" + std::to_string(layers[i].layer) + "] in int8: " + *reason};
        result.layers.push_back(std::move(layer));
    }
    return result;
}

}  // namespace fedgram::learning
