#include "tests/unit/learning/int8/random_networks.hpp"

#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include "common/learning/model/builtin_models.hpp"
#include "common/random/stream.hpp"
#include "tests/unit/learning/quantization/reference_int8.hpp"

namespace fedgram::learning {

namespace {

float between(Stream& random, double low, double high)
{
    return static_cast<float>(low + (high - low) * random.uniform());
}

void drop_normalizations(std::vector<spec::Layer>& layers)
{
    std::erase_if(layers, [](const auto& layer) { return std::holds_alternative<spec::BatchNorm>(layer); });
    for (auto& layer : layers)
        if (auto* const residual = std::get_if<spec::Residual>(&layer)) drop_normalizations(residual->layers);
}

class RandomCodes {
public:
    RandomCodes(const Model& model, Scales scales, std::uint64_t seed)
        : scales_{scales}, random_{seed, Purpose::probe}, quantized_{.model = model, .layers = {}}
    {
    }

    QuantizedModel make()
    {
        (void)through(quantized_.model.layers, {between(random_, 0.001, 0.1), zero_point()});
        return std::move(quantized_);
    }

private:
    std::int32_t zero_point() { return static_cast<std::int32_t>(random_.below(256)); }

    // The quantizer of what comes out of the layers.
    Quantizer through(const std::vector<LayerInfo>& layers, Quantizer passed)
    {
        for (const auto& layer : layers) {
            if (std::holds_alternative<spec::Residual>(layer.layer)) {
                const auto body = through(layer.body, passed);
                const auto shortcut = through(layer.shortcut, passed);
                passed = {between(random_, 0.7, 1.5) * std::max(body.scale, shortcut.scale), zero_point()};
                quantized_.additions.push_back(passed);
            } else if (std::holds_alternative<spec::Conv2d>(layer.layer) ||
                       std::holds_alternative<spec::Linear>(layer.layer)) {
                passed = weighted(layer, passed);
            }
        }
        return passed;
    }

    Quantizer weighted(const LayerInfo& info, const Quantizer& passed)
    {
        const auto outputs = static_cast<std::size_t>(info.output_shape[0]);
        const auto* const conv = std::get_if<spec::Conv2d>(&info.layer);
        const std::size_t biases = conv && !conv->bias ? 0 : outputs;
        const std::size_t weights = info.parameters - biases;
        QuantizedLayer layer;
        for (std::size_t k = 0; k < weights; ++k)
            layer.weights.push_back(static_cast<std::int8_t>(static_cast<int>(random_.below(255)) - 127));
        layer.biases.resize(outputs);
        for (std::size_t k = 0; k < biases; ++k)
            layer.biases[k] = static_cast<std::int32_t>(random_.below(20'001)) - 10'000;
        const std::size_t scale_count = scales_ == Scales::per_tensor ? 1 : outputs;
        for (std::size_t k = 0; k < scale_count; ++k) layer.weight_scales.push_back(between(random_, 0.002, 0.006));
        layer.input = passed;
        // 74 is the deviation of codes and of weights; some outputs fall outside the codes.
        const double spread = 0.004 * double{passed.scale} * 74 * 74 *
                              std::sqrt(static_cast<double>(weights) / static_cast<double>(outputs));
        layer.output = {between(random_, 0.01, 0.03) * static_cast<float>(spread), zero_point()};
        quantized_.layers.push_back(layer);
        return layer.output;
    }

    Scales scales_;
    Stream random_;
    QuantizedModel quantized_;
};

}  // namespace

Model model_of(std::vector<spec::Layer> layers, Shape shape)
{
    return build_model({.name = "case", .layers = std::move(layers), .torchscript = {}}, shape);
}

Model folded(const std::string& name, const Shape& shape)
{
    auto layers = builtin_layers(name, shape.classes).value();
    drop_normalizations(layers);
    return model_of(std::move(layers), shape);
}

QuantizedModel random_quantized(const Model& model, Scales scales, std::uint64_t seed)
{
    return RandomCodes{model, scales, seed}.make();
}

test::FloatBatch random_images(const Shape& shape, const Quantizer& input, std::size_t count, std::uint64_t seed)
{
    Stream random{seed, Purpose::synthetic_data};
    test::FloatBatch images;
    const std::size_t values = std::size_t{shape.channels} * shape.height * shape.width;
    for (std::size_t i = 0; i < count * values; ++i)
        images.pixels.push_back(input.scale * between(random, -10.0 - input.zero_point, 265.0 - input.zero_point));
    for (std::size_t i = 0; i < count; ++i)
        images.labels.push_back(static_cast<std::int64_t>(random.below(shape.classes)));
    return images;
}

QuantizedModel identity(std::uint32_t values)
{
    QuantizedModel model{.model = model_of({spec::Flatten{}, spec::Linear{values}}, {1, 1, values, values}),
                         .layers = {{}}};
    auto& layer = model.layers.front();
    layer.weights.resize(std::size_t{values} * values);
    for (std::size_t i = 0; i < values; ++i) layer.weights[i * values + i] = 1;
    layer.weight_scales = {1};
    layer.biases.resize(values);
    return model;
}

std::vector<float> judged_logits(const QuantizedModel& model, std::span<const float> images)
{
    const auto& shape = model.model.shape;
    const std::size_t values = std::size_t{shape.channels} * shape.height * shape.width;
    std::vector<float> all;
    for (std::size_t first = 0; first < images.size(); first += values) {
        const auto logits = reference_int8_logits(model, images.subspan(first, values));
        all.insert(all.end(), logits.begin(), logits.end());
    }
    return all;
}

std::vector<float> logits_of(const QuantizedModel& model, std::span<const float> images)
{
    const auto& shape = model.model.shape;
    const std::size_t samples = images.size() / (std::size_t{shape.channels} * shape.height * shape.width);
    std::vector<float> portable;
    for (const auto set : int8::usable_instruction_sets()) {
        std::vector<float> logits(samples * shape.classes);
        Int8Network{model, set}.logits(images, logits);
        if (set == int8::InstructionSet::portable) portable = logits;
        INFO(int8::name(set));
        CHECK(logits == portable);
    }
    return portable;
}

}  // namespace fedgram::learning
