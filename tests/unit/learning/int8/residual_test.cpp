// Residuals, alone and in networks by chance of all that the engine knows.
#include <array>
#include <tuple>

#include <catch2/catch.hpp>

#include "common/random/stream.hpp"
#include "tests/unit/learning/int8/random_networks.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

using Floats = std::vector<float>;

// What a linear layer gives, an identity, plus its own input.
QuantizedModel doubled(const Quantizer& input, const Quantizer& layer, const Quantizer& sum, std::uint32_t values)
{
    auto model = identity(values);
    model.model = model_of({spec::Flatten{}, spec::Residual{{spec::Linear{values}}}}, {1, 1, values, values});
    model.layers.front().input = input;
    model.layers.front().output = layer;
    model.additions = {sum};
    return model;
}

/// Layers by chance that keep to images of a few pixels.
class RandomLayers {
public:
    RandomLayers(std::uint64_t seed, const Shape& shape)
        : random_{seed, Purpose::probe}, channels_{shape.channels}, height_{shape.height}, width_{shape.width}
    {
    }

    std::vector<spec::Layer> network(std::uint32_t classes)
    {
        std::vector<spec::Layer> layers;
        for (std::uint64_t left = 2 + random_.below(4); left > 0; --left) add_block(layers);
        if (random_.below(2) == 0) layers.emplace_back(spec::GlobalAvgPool2d{});
        layers.emplace_back(spec::Flatten{});
        layers.emplace_back(spec::Linear{classes});
        return layers;
    }

private:
    void add_block(std::vector<spec::Layer>& layers)
    {
        switch (random_.below(6)) {
            case 0:
                add_convolution(layers, some_channels(), 1 + random(3));
                break;
            case 1:
                if (height_ >= 2 && width_ >= 2) {
                    layers.emplace_back(random_.below(2) == 0 ? spec::Layer{spec::MaxPool2d{2, 2}}
                                                              : spec::Layer{spec::AvgPool2d{2, 1}});
                    resize(2, std::holds_alternative<spec::MaxPool2d>(layers.back()) ? 2 : 1, 0);
                }
                break;
            case 2:
                layers.emplace_back(spec::Dropout{});
                break;
            case 3:
                add_depthwise(layers);
                break;
            default:
                add_residual(layers);
        }
        add_activation(layers);
    }

    void add_residual(std::vector<spec::Layer>& layers)
    {
        const auto [channels, height, width] = std::tuple{channels_, height_, width_};
        spec::Residual residual;
        switch (random_.below(4)) {
            case 0:  // of the same shape, beside the input itself
                add_convolution(residual.layers, some_channels(), 3, 1, 1);
                add_activation(residual.layers);
                add_convolution(residual.layers, channels, 1, 1, 0);
                break;
            case 1: {  // half the size, beside a convolution without a padding
                const auto out = some_channels();
                add_convolution(residual.layers, out, 3, 2, 1);
                add_activation(residual.layers);
                const auto after = std::tuple{channels_, height_, width_};
                std::tie(channels_, height_, width_) = std::tuple{channels, height, width};
                add_convolution(residual.shortcut, out, 1, 2, 0);
                REQUIRE(after == std::tuple{channels_, height_, width_});
                break;
            }
            case 2:  // another residual within, and paddings of 2 and 1 of the same input
                residual.layers = {spec::Residual{{spec::Conv2d{channels, 5, 1, 2}, spec::Relu{}}}, spec::Relu6{}};
                residual.shortcut = {spec::Conv2d{channels, 3, 1, 1}};
                break;
            default:  // begins with what convolutions stand behind
                residual.layers = {spec::Relu{}, spec::Conv2d{channels, 3, 1, 1, 0, channels}, spec::Relu6{}};
        }
        layers.emplace_back(residual);
    }

    void add_convolution(std::vector<spec::Layer>& layers, std::uint32_t channels, std::uint32_t kernel)
    {
        add_convolution(layers, channels, kernel, 1 + random(2), kernel == 1 ? 0 : random(3));
    }
    void add_convolution(std::vector<spec::Layer>& layers, std::uint32_t channels, std::uint32_t kernel,
                         std::uint32_t stride, std::uint32_t padding)
    {
        if (height_ + 2 * padding < kernel || width_ + 2 * padding < kernel) padding = kernel / 2;
        layers.emplace_back(spec::Conv2d{channels, kernel, stride, padding, 0, 1, random_.below(3) > 0});
        resize(kernel, stride, padding);
        channels_ = channels;
    }
    void add_depthwise(std::vector<spec::Layer>& layers)
    {
        layers.emplace_back(spec::Conv2d{channels_, 3, 1, 1, 0, channels_});
    }
    void add_activation(std::vector<spec::Layer>& layers)
    {
        const auto kind = random_.below(3);
        if (kind == 1) layers.emplace_back(spec::Relu{});
        if (kind == 2) layers.emplace_back(spec::Relu6{});
    }

    void resize(std::uint32_t kernel, std::uint32_t stride, std::uint32_t padding)
    {
        height_ = (height_ + 2 * padding - kernel) / stride + 1;
        width_ = (width_ + 2 * padding - kernel) / stride + 1;
    }
    std::uint32_t random(std::uint32_t below) { return static_cast<std::uint32_t>(random_.below(below)); }
    std::uint32_t some_channels() { return std::array<std::uint32_t, 5>{3, 8, 16, 18, 33}[random_.below(5)]; }

    Stream random_;
    std::uint32_t channels_;
    std::uint32_t height_;
    std::uint32_t width_;
};

}  // namespace

TEST_CASE("An addition is that of the reals, rounded half to even, with the zero point added behind")
{
    // Codes 1, 2, 3, 200 twice; sums 2, 4, 6, 400 in steps of 4: 0.5, 1, 1.5, 100.
    CHECK(logits_of(doubled({1, 0}, {1, 0}, {4, 0}, 4), Floats{1, 2, 3, 200}) == Floats{0, 4, 8, 400});
    // At an odd zero point halves still go to the even code above it.
    CHECK(logits_of(doubled({1, 10}, {1, 20}, {4, 5}, 4), Floats{1, 2, 3, -5}) == Floats{0, 4, 8, -8});
    // Beyond the codes on both sides: 5 - 10 is code -5, 400 code 405.
    CHECK(logits_of(doubled({1, 10}, {1, 10}, {1, 5}, 2), Floats{-5, 200}) == Floats{-5, 250});
    // Each by its own scale: codes 8 of 0.25 and 2 of 1 are 2 + 2.
    CHECK(logits_of(doubled({0.25F, 0}, {1, 0}, {0.5F, 0}, 1), Floats{2}) == Floats{4});
}

TEST_CASE("An addition rounds both products, their sum and the quotient to float32, one after the other")
{
    // The judge says it with the operators of float; scales are such that fused or reordered operations differ.
    Stream random{3, Purpose::probe};
    for (int i = 0; i < 50; ++i) {
        const auto quantizer = [&] {
            return Quantizer{static_cast<float>(0.01 + random.uniform()), static_cast<std::int32_t>(random.below(256))};
        };
        const auto model = doubled(quantizer(), quantizer(), quantizer(), 61);
        const auto images = random_images(model.model.shape, model.layers.front().input, 2, 7);
        CHECK(logits_of(model, images.pixels) == judged_logits(model, images.pixels));
    }
}

TEST_CASE("A ReLU behind an addition cuts its sums at 0, a ReLU6 at 6, too")
{
    auto model = doubled({1, 10}, {1, 10}, {1, 20}, 3);
    model.model.layers.push_back(model_of({spec::Flatten{}, spec::Relu{}}, {1, 1, 3, 3}).layers.back());
    CHECK(logits_of(model, Floats{-3, 2, 5}) == Floats{0, 4, 10});
    model.model.layers.back().layer = spec::Relu6{};
    CHECK(logits_of(model, Floats{-3, 2, 5}) == Floats{0, 4, 6});
}

TEST_CASE("A linear layer may share its input with a convolution that pads")
{
    const auto model = random_quantized(
        model_of({spec::Residual{{spec::Conv2d{4, 3, 1, 1}, spec::Flatten{}, spec::Linear{5}, spec::Relu{}},
                                 {spec::Flatten{}, spec::Linear{5}}},
                  spec::Residual{{spec::Relu{}, spec::Linear{5}}}},
                 {2, 4, 5, 5}),
        Scales::per_channel, 1);
    const auto images = random_images(model.model.shape, model.layers.front().input, 7, 2);
    CHECK(logits_of(model, images.pixels) == judged_logits(model, images.pixels));
}

TEST_CASE("Networks by chance give the codes of plain loops by each instruction set, whatever the batch")
{
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        const Shape shape{static_cast<std::uint32_t>(1 + seed % 3), 7, static_cast<std::uint32_t>(5 + seed % 4), 4};
        const auto model = random_quantized(model_of(RandomLayers{seed, shape}.network(4), shape),
                                            seed % 2 == 0 ? Scales::per_channel : Scales::per_tensor, seed);
        const auto images = random_images(shape, model.layers.front().input, seed % 10 == 0 ? 64 : 3, seed);
        const auto judged = judged_logits(model, images.pixels);
        INFO("network " << seed);
        CHECK(logits_of(model, images.pixels) == judged);
        const std::size_t values = images.pixels.size() / images.labels.size();
        CHECK(logits_of(model, std::span{images.pixels}.first(values)) == Floats(judged.begin(), judged.begin() + 4));
        CHECK(logits_of(model, std::span{images.pixels}.first(3 * values)) ==
              Floats(judged.begin(), judged.begin() + 12));
    }
}

TEST_CASE("The residual and depthwise models of MLPerf Tiny give the codes of plain loops, without normalizations")
{
    for (const auto* const name : {"resnet-8", "ds-cnn", "mobilenet-v1-025"}) {
        INFO(name);
        const auto model = random_quantized(folded(name, {3, 12, 10, 4}), Scales::per_channel, 1);
        const auto images = random_images(model.model.shape, model.layers.front().input, 2, 3);
        CHECK(logits_of(model, images.pixels) == judged_logits(model, images.pixels));
    }
}
