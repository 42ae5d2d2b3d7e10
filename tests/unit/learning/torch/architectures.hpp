#pragma once

#include "tests/unit/learning/torch/written_model.hpp"

namespace fedgram::learning::test {

// Public architectures, small enough for a test, each written once for all kinds of layers: as a script, as calls to be
// traced, and as a count by hand.

/// 28 x 28 grey pixels to 10 classes by two hidden layers.
struct Perceptron {
    template <class Layers>
    auto operator()(Layers& layers, typename Layers::Value x) const
    {
        x = layers.relu(layers.linear(layers.flatten(x), 784, 128));
        return layers.linear(layers.relu(layers.linear(x, 128, 64)), 64, 10);
    }
};

/// LeCun et al. 1998, with max-pooling and ReLU.
struct LeNet5 {
    template <class Layers>
    auto operator()(Layers& layers, typename Layers::Value x) const
    {
        x = layers.max_pool(layers.relu(layers.convolution(x, {.in = 1, .out = 6, .kernel = 5, .padding = 2})));
        x = layers.max_pool(layers.relu(layers.convolution(x, {.in = 6, .out = 16, .kernel = 5})));
        x = layers.relu(layers.linear(layers.flatten(x), 400, 120));
        return layers.linear(layers.relu(layers.linear(x, 120, 84)), 84, 10);
    }
};

/// Simonyan and Zisserman 2015, with five convolutions for 32 x 32 pixels.
struct Vgg {
    template <class Layers>
    auto operator()(Layers& layers, typename Layers::Value x) const
    {
        const auto block = [&](typename Layers::Value at, std::int64_t in, std::int64_t out) {
            return layers.relu(
                layers.batch_norm(layers.convolution(at, {.in = in, .out = out, .kernel = 3, .padding = 1}), out));
        };
        x = layers.max_pool(block(block(x, 3, 16), 16, 16));
        x = layers.max_pool(block(block(x, 16, 32), 32, 32));
        x = layers.max_pool(block(x, 32, 64));
        x = layers.dropout(layers.relu(layers.linear(layers.flatten(x), 1024, 128)));
        return layers.linear(x, 128, 10);
    }
};

/// He et al. 2016, with a stem for 32 x 32 pixels.
struct ResNet18 {
    template <class Layers>
    auto operator()(Layers& layers, typename Layers::Value x) const
    {
        using Value = typename Layers::Value;
        const auto convolution = [&](Value at, std::int64_t in, std::int64_t out, std::int64_t kernel,
                                     std::int64_t stride) {
            return layers.batch_norm(
                layers.convolution(
                    at,
                    {.in = in, .out = out, .kernel = kernel, .stride = stride, .padding = kernel / 2, .bias = false}),
                out);
        };
        x = layers.relu(convolution(x, 3, 64, 3, 1));
        std::int64_t in = 64;
        for (const std::int64_t out : {64, 128, 256, 512})
            for (const bool first : {true, false}) {
                const std::int64_t stride = first && out > 64 ? 2 : 1;
                auto y = convolution(layers.relu(convolution(x, in, out, 3, stride)), out, out, 3, 1);
                const auto shortcut = in == out ? x : convolution(x, in, out, 1, stride);
                x = layers.relu(layers.add(y, shortcut));
                in = out;
            }
        return layers.linear(layers.flatten(layers.global_pool(x)), 512, 10);
    }
};

/// Howard et al. 2017: depthwise and pointwise convolutions, the last pointwise one in four groups (Zhang et al. 2018).
struct MobileNet {
    template <class Layers>
    auto operator()(Layers& layers, typename Layers::Value x) const
    {
        const auto block = [&](typename Layers::Value at, const Convolution& convolution) {
            return layers.relu(layers.batch_norm(layers.convolution(at, convolution), convolution.out));
        };
        x = block(x, {.in = 3, .out = 16, .kernel = 3, .stride = 2, .padding = 1, .bias = false});
        x = block(x, {.in = 16, .out = 16, .kernel = 3, .padding = 1, .groups = 16, .bias = false});
        x = block(x, {.in = 16, .out = 32, .kernel = 1, .bias = false});
        x = block(x, {.in = 32, .out = 32, .kernel = 3, .stride = 2, .padding = 1, .groups = 32, .bias = false});
        x = block(x, {.in = 32, .out = 64, .kernel = 1, .groups = 4, .bias = false});
        return layers.linear(layers.flatten(layers.global_pool(x)), 64, 10);
    }
};

/// Ronneberger et al. 2015, one level deep; a class is the mean of its map.
struct UNet {
    template <class Layers>
    auto operator()(Layers& layers, typename Layers::Value x) const
    {
        const auto outer = layers.relu(layers.convolution(x, {.in = 1, .out = 8, .kernel = 3, .padding = 1}));
        const auto inner =
            layers.relu(layers.convolution(layers.max_pool(outer), {.in = 8, .out = 16, .kernel = 3, .padding = 1}));
        const auto up = layers.transposed_convolution(inner, {.in = 16, .out = 8, .kernel = 2, .stride = 2});
        x = layers.relu(
            layers.convolution(layers.concatenation(outer, up), {.in = 16, .out = 8, .kernel = 3, .padding = 1}));
        return layers.flatten(layers.global_pool(layers.convolution(x, {.in = 8, .out = 10, .kernel = 1})));
    }
};

/// 28 words, each a pixel of the first column, by an LSTM.
struct WordLstm {
    template <class Layers>
    auto operator()(Layers& layers, typename Layers::Value x) const
    {
        return layers.linear(layers.lstm(layers.embedding(x, 16, 12), 12, 32), 32, 10);
    }
};

}  // namespace fedgram::learning::test
