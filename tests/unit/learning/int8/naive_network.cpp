#include "tests/unit/learning/int8/naive_network.hpp"

#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include "common/random/stream.hpp"

namespace fedgram::learning {

namespace {

/// Codes, [channel][row][column].
struct Map {
    std::int64_t channels = 0;
    std::int64_t height = 0;
    std::int64_t width = 0;
    std::vector<std::int64_t> codes;

    Map(std::int64_t c, std::int64_t h, std::int64_t w)
        : channels{c}, height{h}, width{w}, codes(static_cast<std::size_t>(c * h * w))
    {
    }
    explicit Map(const LayerInfo& layer)
        : Map{layer.output_shape[0], layer.output_shape.size() > 1 ? layer.output_shape[1] : 1,
              layer.output_shape.size() > 1 ? layer.output_shape[2] : 1}
    {
    }

    std::int64_t& at(std::int64_t c, std::int64_t y, std::int64_t x)
    {
        return codes[static_cast<std::size_t>((c * height + y) * width + x)];
    }
};

class Naive {
public:
    Naive(const QuantizedModel& model, std::span<const float> image)
        : layers_{model.layers},
          now_{model.layers.front().input},
          map_{model.model.shape.channels, model.model.shape.height, model.model.shape.width}
    {
        for (std::size_t i = 0; i < image.size(); ++i)
            map_.codes[i] =
                std::clamp(static_cast<std::int64_t>(std::nearbyint(double{image[i] / now_.scale})) + now_.zero_point,
                           std::int64_t{0}, std::int64_t{255});
        for (const auto& layer : model.model.layers)
            std::visit([&](const auto& kind) { run(layer, kind); }, layer.layer);
    }

    [[nodiscard]] std::vector<float> logits() const
    {
        std::vector<float> values;
        for (const auto code : map_.codes) values.push_back(now_.scale * static_cast<float>(code - now_.zero_point));
        return values;
    }

private:
    std::int64_t code_of(std::int64_t sum, std::size_t channel)
    {
        const auto& layer = layers_[next_];
        const float weight_scale = layer.weight_scales[layer.weight_scales.size() == 1 ? 0 : channel];
        const float multiplier = (layer.input.scale * weight_scale) / layer.output.scale;
        const float product = static_cast<float>(sum + layer.biases[channel]) * multiplier;
        return static_cast<std::int64_t>(
            std::clamp(std::nearbyint(double{product}) + layer.output.zero_point, 0.0, 255.0));
    }

    void run(const LayerInfo& info, const spec::Conv2d& conv)
    {
        const auto& layer = layers_[next_];
        Map out{info};
        const std::int64_t kernel = conv.kernel;
        for (std::int64_t o = 0; o < out.channels; ++o)
            for (std::int64_t y = 0; y < out.height; ++y)
                for (std::int64_t x = 0; x < out.width; ++x) {
                    std::int64_t sum = 0;
                    for (std::int64_t c = 0; c < map_.channels; ++c)
                        for (std::int64_t i = 0; i < kernel; ++i)
                            for (std::int64_t j = 0; j < kernel; ++j) {
                                const std::int64_t row = y * conv.stride + i - conv.padding;
                                const std::int64_t column = x * conv.stride + j - conv.padding;
                                if (row < 0 || row >= map_.height || column < 0 || column >= map_.width) continue;
                                const auto weight = layer.weights[static_cast<std::size_t>(
                                    ((o * map_.channels + c) * kernel + i) * kernel + j)];
                                sum += weight * (map_.at(c, row, column) - layer.input.zero_point);
                            }
                    out.at(o, y, x) = code_of(sum, static_cast<std::size_t>(o));
                }
        take(std::move(out));
    }

    void run(const LayerInfo& info, const spec::Linear&)
    {
        const auto& layer = layers_[next_];
        Map out{info};
        for (std::size_t o = 0; o < out.codes.size(); ++o) {
            std::int64_t sum = 0;
            for (std::size_t i = 0; i < map_.codes.size(); ++i)
                sum += layer.weights[o * map_.codes.size() + i] * (map_.codes[i] - layer.input.zero_point);
            out.codes[o] = code_of(sum, o);
        }
        take(std::move(out));
    }

    void take(Map out)
    {
        map_ = std::move(out);
        now_ = layers_[next_++].output;
    }

    void run(const LayerInfo&, const spec::Relu&)
    {
        for (auto& code : map_.codes) code = std::max<std::int64_t>(code, now_.zero_point);
    }
    void run(const LayerInfo&, const spec::Flatten&) {}
    template <class Other>
    void run(const LayerInfo& info, const Other&)
    {
        FAIL("no int8 model has " << info.name);
    }

    void run(const LayerInfo& info, const spec::MaxPool2d& pool)
    {
        pool_by(info, pool.kernel, pool.stride,
                [](const auto& window) { return *std::max_element(window.begin(), window.end()); });
    }
    void run(const LayerInfo& info, const spec::AvgPool2d& pool)
    {
        pool_by(info, pool.kernel, pool.stride, [](const auto& window) {
            double sum = 0;
            for (const auto code : window) sum += static_cast<double>(code);
            return static_cast<std::int64_t>(std::nearbyint(sum / static_cast<double>(window.size())));
        });
    }
    void pool_by(const LayerInfo& info, std::int64_t kernel, std::int64_t stride,
                 const std::function<std::int64_t(const std::vector<std::int64_t>&)>& reduce)
    {
        Map out{info};
        for (std::int64_t c = 0; c < out.channels; ++c)
            for (std::int64_t y = 0; y < out.height; ++y)
                for (std::int64_t x = 0; x < out.width; ++x) {
                    std::vector<std::int64_t> window;
                    for (std::int64_t i = 0; i < kernel; ++i)
                        for (std::int64_t j = 0; j < kernel; ++j)
                            window.push_back(map_.at(c, y * stride + i, x * stride + j));
                    out.at(c, y, x) = reduce(window);
                }
        map_ = std::move(out);
    }

    const std::vector<QuantizedLayer>& layers_;
    std::size_t next_ = 0;
    Quantizer now_;
    Map map_;
};

float between(Stream& random, double low, double high)
{
    return static_cast<float>(low + (high - low) * random.uniform());
}

}  // namespace

std::vector<float> naive_logits(const QuantizedModel& model, std::span<const float> image)
{
    return Naive{model, image}.logits();
}

Model model_of(std::vector<spec::Layer> layers, Shape shape)
{
    return build_model({.name = "case", .layers = std::move(layers), .torchscript = {}}, shape);
}

QuantizedModel random_quantized(const Model& model, Scales scales, std::uint64_t seed)
{
    Stream random{seed, Purpose::probe};
    const auto zero_point = [&] { return static_cast<std::int32_t>(random.below(256)); };
    QuantizedModel quantized{.model = model, .layers = {}};
    Quantizer passed{between(random, 0.001, 0.1), zero_point()};
    for (std::size_t i = 0; i < model.parameters.slots.size(); i += 2) {
        const auto outputs = model.parameters.slots[i + 1].size;
        const auto products = model.parameters.slots[i].size / outputs;
        QuantizedLayer layer;
        for (std::size_t k = 0; k < outputs * products; ++k)
            layer.weights.push_back(static_cast<std::int8_t>(static_cast<int>(random.below(255)) - 127));
        for (std::size_t k = 0; k < outputs; ++k)
            layer.biases.push_back(static_cast<std::int32_t>(random.below(20'001)) - 10'000);
        const std::size_t scale_count = scales == Scales::per_tensor ? 1 : outputs;
        for (std::size_t k = 0; k < scale_count; ++k) layer.weight_scales.push_back(between(random, 0.002, 0.006));
        layer.input = passed;
        // 74 is the deviation of codes and of weights; some outputs fall outside the codes.
        const double spread = 0.004 * double{passed.scale} * 74 * 74 * std::sqrt(static_cast<double>(products));
        layer.output = {between(random, 0.01, 0.03) * static_cast<float>(spread), zero_point()};
        passed = layer.output;
        quantized.layers.push_back(std::move(layer));
    }
    return quantized;
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
