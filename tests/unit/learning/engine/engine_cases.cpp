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
