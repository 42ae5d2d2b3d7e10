#include "common/learning/model/builtin_models.hpp"

#include <array>

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

struct Entry {
    std::string_view name;
    Layers (*layers)(std::uint32_t classes);
};

constexpr std::array<Entry, 6> entries{{{"small-cnn", small_cnn},
                                        {"mcmahan-cnn", mcmahan_cnn},
                                        {"lenet5", lenet5},
                                        {"mlp", mlp},
                                        {"workload-a-cnn", workload_a_cnn},
                                        {"mlp-32", mlp_32}}};

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
