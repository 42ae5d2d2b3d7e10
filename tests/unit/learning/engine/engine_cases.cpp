#include "tests/unit/learning/engine/engine_cases.hpp"

#include "common/random/stream.hpp"

namespace fedgram::learning {

Model model_of_all_layers()
{
    using namespace spec;
    return build_model(
        {.name = "all",
         .layers = {Conv2d{5, 3, 1, 1}, Relu{}, MaxPool2d{2, 2}, Conv2d{6, 3, 1, 2}, Tanh{}, AvgPool2d{3, 1},
                    Conv2d{4, 2, 2, 0}, Relu{}, Flatten{}, Linear{7}, Tanh{}, Linear{4}},
         .torchscript = {}},
        {2, 9, 9, 4});
}

std::vector<Model> models_of_newer_layers()
{
    using namespace spec;
    const auto model = [](const std::string& name, std::vector<Layer> layers, Shape shape) {
        return build_model({.name = name, .layers = std::move(layers), .torchscript = {}}, shape);
    };
    const auto conv = [](std::uint32_t channels, std::uint32_t kernel, std::uint32_t stride, std::uint32_t groups = 1,
                         bool bias = true) {
        return Conv2d{.channels = channels,
                      .kernel = kernel,
                      .stride = stride,
                      .padding = kernel / 2,
                      .groups = groups,
                      .bias = bias};
    };
    std::vector<Model> models;
    models.push_back(
        model("batch-norm",
              {conv(6, 3, 1), BatchNorm{}, Relu{}, conv(18, 1, 1), BatchNorm{}, Relu6{},
               Residual{{conv(18, 3, 1, 1, false), BatchNorm{}, Relu{}, conv(18, 3, 1), BatchNorm{}}}, Relu{},
               Residual{{conv(20, 3, 2), BatchNorm{}, Relu{}, conv(20, 3, 1), BatchNorm{}},
                        {conv(20, 1, 2, 1, false), BatchNorm{}}},
               Relu{}, GlobalAvgPool2d{}, Flatten{}, Linear{4}},
              {2, 7, 6, 4}));
    models.push_back(model("depthwise",
                           {conv(5, 3, 2, 1, false),
                            GroupNorm{1},
                            Relu{},
                            conv(5, 3, 1, 5),
                            BatchNorm{},
                            Relu{},
                            conv(17, 1, 1),
                            GroupNorm{17},
                            conv(17, 3, 2, 17, false),
                            Relu{},
                            conv(16, 1, 1),
                            BatchNorm{},
                            Relu{},
                            conv(16, 5, 1, 16),
                            BatchNorm{},
                            Tanh{},
                            conv(16, 2, 2, 16),
                            AvgPool2d{2, 1},
                            Relu6{},
                            Flatten{},
                            Linear{4}},
                           {3, 11, 10, 4}));
    models.push_back(model(
        "grouped",
        {conv(8, 3, 1, 2), GroupNorm{4}, Relu{}, conv(12, 3, 2, 4, false), GroupNorm{3}, Relu6{},
         Residual{{BatchNorm{}, Relu{}, conv(12, 1, 1, 3), Residual{{Tanh{}, conv(12, 3, 1, 12)}, {BatchNorm{}}}}, {}},
         MaxPool2d{2, 2}, Flatten{}, Residual{{Linear{27}, Relu{}, Linear{48}}}, Relu{},
         Residual{{Linear{9}, Tanh{}}, {Relu{}, Linear{9}}}, Linear{4}},
        {4, 8, 8, 4}));
    models.push_back(model("first",
                           {Residual{{conv(3, 3, 1, 1, false), Relu{}}, {BatchNorm{}}}, conv(7, 3, 3), Relu{},
                            Residual{{Dropout{0}, Relu{}}}, GlobalAvgPool2d{}, Flatten{}, Linear{4}},
                           {3, 7, 8, 4}));
    return models;
}

Model model_with_dropout()
{
    using namespace spec;
    return build_model({.name = "dropout",
                        .layers = {Conv2d{6, 3, 1, 1}, Relu{}, Dropout{0.25}, Conv2d{6, 3, 2, 0}, Relu{}, Flatten{},
                                   Dropout{0.5}, Linear{4}},
                        .torchscript = {}},
                       {2, 7, 7, 4});
}

Model wide_model()
{
    using namespace spec;
    return build_model(
        {.name = "wide",
         .layers = {Conv2d{8, 3, 1, 1, 2}, Relu{}, MaxPool2d{2, 2}, Flatten{}, Linear{12, 3}, Relu{}, Linear{4}},
         .torchscript = {},
         .parametrization = Parametrization::mup},
        {2, 6, 6, 4});
}

test::FloatBatch noise(const Shape& shape, std::size_t count, std::uint64_t seed)
{
    Stream stream{seed, Purpose::subset};
    test::FloatBatch data;
    data.pixels.resize(count * shape.channels * shape.height * shape.width);
    for (auto& pixel : data.pixels) pixel = static_cast<float>(stream.normal());
    data.labels.resize(count);
    for (auto& label : data.labels) label = static_cast<std::int64_t>(stream.below(shape.classes));
    return data;
}

std::vector<float> parameters_of(const Replica& replica, const Model& model)
{
    std::vector<float> parameters(model.parameters.size);
    replica.read(parameters);
    return parameters;
}

}  // namespace fedgram::learning
