#include "common/learning/model/builtin_models.hpp"

#include <array>
#include <utility>

namespace fedgram::learning {

namespace {

using namespace spec;
using Layers = std::vector<Layer>;

// Twice convolution, ReLU and a 2x2 max-pool, then one hidden layer.
Layers two_convolutions(std::uint32_t first, std::uint32_t second, std::uint32_t kernel, std::uint32_t padding,
                        std::uint32_t hidden, std::uint32_t classes)
{
    return {Conv2d{first, kernel, 1, padding},
            Relu{},
            MaxPool2d{2, 2},
            Conv2d{second, kernel, 1, padding},
            Relu{},
            MaxPool2d{2, 2},
            Flatten{},
            Linear{hidden},
            Relu{},
            Linear{classes}};
}

Layers small_cnn(std::uint32_t classes) { return two_convolutions(16, 32, 3, 1, 128, classes); }
Layers mcmahan_cnn(std::uint32_t classes) { return two_convolutions(32, 64, 5, 2, 512, classes); }
Layers workload_a_cnn(std::uint32_t classes) { return two_convolutions(32, 64, 5, 0, 512, classes); }

Layers lenet5(std::uint32_t classes)
{
    // LeNet-5 takes 32 x 32: a padding of 2 around 28 x 28.
    return {Conv2d{6, 5, 1, 2}, Relu{},      MaxPool2d{2, 2}, Conv2d{16, 5, 1, 0}, Relu{}, MaxPool2d{2, 2},
            Flatten{},          Linear{120}, Relu{},          Linear{84},          Relu{}, Linear{classes}};
}

Layers mlp(std::uint32_t classes) { return {Flatten{}, Linear{200}, Relu{}, Linear{200}, Relu{}, Linear{classes}}; }

Layers mlp_32(std::uint32_t classes) { return {Flatten{}, Linear{32}, Relu{}, Linear{classes}}; }

void add(Layers& layers, Layers more)
{
    for (auto& layer : more) layers.push_back(std::move(layer));
}

Layers convolution_block(const Conv2d& convolution) { return {convolution, BatchNorm{}, Relu{}}; }

// Depthwise, then pointwise.
void add_separable(Layers& layers, std::uint32_t in, std::uint32_t out, std::uint32_t stride)
{
    add(layers, convolution_block({.channels = in, .kernel = 3, .stride = stride, .padding = 1, .groups = in}));
    add(layers, convolution_block({.channels = out, .kernel = 1}));
}

Layers classifier(std::uint32_t classes) { return {GlobalAvgPool2d{}, Flatten{}, Linear{classes}}; }

Layers resnet_8(std::uint32_t classes)
{
    Layers layers = convolution_block({.channels = 16, .kernel = 3, .padding = 1});
    for (const std::uint32_t channels : {16U, 32U, 64U}) {
        const std::uint32_t stride = channels == 16 ? 1 : 2;
        Residual block{.layers =
                           convolution_block({.channels = channels, .kernel = 3, .stride = stride, .padding = 1})};
        add(block.layers, {Conv2d{.channels = channels, .kernel = 3, .padding = 1}, BatchNorm{}});
        if (stride > 1) block.shortcut = {Conv2d{.channels = channels, .kernel = 1, .stride = stride}};
        add(layers, {block, Relu{}});
    }
    add(layers, classifier(classes));
    return layers;
}

Layers ds_cnn(std::uint32_t classes)
{
    constexpr std::uint32_t channels = 64;
    // 10 x 4 over a spectrogram's time and frequency in the original; an image has no such sides.
    Layers layers = convolution_block({.channels = channels, .kernel = 3, .stride = 2, .padding = 1});
    layers.emplace_back(Dropout{0.2});
    for (int block = 0; block < 4; ++block) add_separable(layers, channels, channels, 1);
    layers.emplace_back(Dropout{0.4});
    add(layers, classifier(classes));
    return layers;
}

Layers mobilenet_v1_025(std::uint32_t classes)
{
    Layers layers = convolution_block({.channels = 8, .kernel = 3, .stride = 2, .padding = 1});
    struct Block {
        std::uint32_t channels;
        std::uint32_t stride;
    };
    std::uint32_t channels = 8;
    for (const auto& [out, stride] :
         {Block{16, 1}, Block{32, 2}, Block{32, 1}, Block{64, 2}, Block{64, 1}, Block{128, 2}, Block{128, 1},
          Block{128, 1}, Block{128, 1}, Block{128, 1}, Block{128, 1}, Block{256, 2}, Block{256, 1}}) {
        add_separable(layers, channels, out, stride);
        channels = out;
    }
    add(layers, classifier(classes));
    return layers;
}

Layers resnet_18_gn(std::uint32_t classes)
{
    const auto convolution = [](std::uint32_t channels, std::uint32_t kernel, std::uint32_t stride) {
        return Layers{
            Conv2d{.channels = channels, .kernel = kernel, .stride = stride, .padding = kernel / 2, .bias = false},
            GroupNorm{2}};
    };
    Layers layers = convolution(64, 3, 1);
    layers.emplace_back(Relu{});
    for (const std::uint32_t channels : {64U, 128U, 256U, 512U})
        for (const bool first : {true, false}) {
            const std::uint32_t stride = first && channels > 64 ? 2 : 1;
            Residual block{.layers = convolution(channels, 3, stride)};
            block.layers.emplace_back(Relu{});
            add(block.layers, convolution(channels, 3, 1));
            if (stride > 1) block.shortcut = convolution(channels, 1, stride);
            add(layers, {block, Relu{}});
        }
    add(layers, classifier(classes));
    return layers;
}

struct Entry {
    std::string_view name;
    Layers (*layers)(std::uint32_t classes);
};

constexpr std::array<Entry, 10> entries{{{"small-cnn", small_cnn},
                                         {"mcmahan-cnn", mcmahan_cnn},
                                         {"lenet5", lenet5},
                                         {"mlp", mlp},
                                         {"workload-a-cnn", workload_a_cnn},
                                         {"mlp-32", mlp_32},
                                         {"resnet-8", resnet_8},
                                         {"ds-cnn", ds_cnn},
                                         {"mobilenet-v1-025", mobilenet_v1_025},
                                         {"resnet-18-gn", resnet_18_gn}}};

}  // namespace

std::optional<Layers> builtin_layers(std::string_view name, std::uint32_t classes)
{
    for (const auto& entry : entries)
        if (entry.name == name) return entry.layers(classes);
    return std::nullopt;
}

std::vector<std::string> builtin_model_names()
{
    std::vector<std::string> names;
    for (const auto& entry : entries) names.emplace_back(entry.name);
    return names;
}

}  // namespace fedgram::learning
