#include "common/learning/quantization/quantize_model.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
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
                        ": of its input, and of what each convolution, linear layer and residual gives"};
}

void check_activation(FusedActivation activation, const ValueRange& range, const std::string& name)
{
    const auto refuse = [&](const char* verb, float value, const char* why) {
        throw SpecError{"calibration: " + name + "'s range " + verb + " at " +
                        text::shortest(static_cast<double>(value)) + ", but a ReLU" + why +
                        "; observe what comes out of it"};
    };
    if (activation != FusedActivation::none && range.min < 0) refuse("begins", range.min, " gives nothing below 0");
    if (activation == FusedActivation::relu6 && range.max > 6) refuse("ends", range.max, "6 gives nothing above 6");
}

std::vector<Quantizer> point_quantizers(const std::vector<const LayerInfo*>& all, const std::vector<FusedLayer>& steps,
                                        std::span<const ValueRange> ranges)
{
    std::vector<Quantizer> quantizers;
    for (std::size_t point = 0; point < ranges.size(); ++point) {
        const auto name = point == 0 ? "input" : all[steps[point - 1].output]->name;
        if (point > 0) check_activation(steps[point - 1].activation, ranges[point], name);
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
    const auto all = all_layers(model);
    const auto steps = fused_layers(model);
    check(model, parameters, ranges.size(), steps.size() + 1);
    const auto quantizers = point_quantizers(all, steps, ranges);
    QuantizedModel result{.model = model, .layers = {}};
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const auto& step = steps[i];
        const auto& input = quantizers[step.input];
        const auto& output = quantizers[i + 1];
        std::optional<std::string> reason;
        if (step.is_addition()) {
            reason = inexactness(input, quantizers[step.shortcut], output);
            result.additions.push_back(output);
        } else {
            const auto weights = values_of(model, parameters, *step.weight);
            const std::vector<float> no_biases(step.bias ? 0 : channels_of(model, step));
            const auto biases = step.bias ? values_of(model, parameters, *step.bias) : no_biases;
            result.layers.push_back(quantized(weights, biases, input, output, weight_scales));
            reason = inexactness(result.layers.back());
        }
        if (reason) throw SpecError{"model, layer " + all[step.layer]->name + ", in int8: " + *reason};
    }
    return result;
}

}  // namespace fedgram::learning
