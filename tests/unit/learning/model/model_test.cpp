#include "common/learning/model/model.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/model/builtin_models.hpp"
#include "common/learning/model/flops.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using Catch::Matchers::Contains;

namespace {

Model builtin(const std::string& name) { return build_model({.name = name, .layers = {}, .torchscript = {}}, Shape{}); }

Model of_layers(std::vector<spec::Layer> layers, Shape shape = {})
{
    return build_model({.name = "test", .layers = std::move(layers), .torchscript = {}}, shape);
}

}  // namespace

TEST_CASE("Built-in models have the parameter counts of their papers")
{
    // By hand, e.g. small-cnn: (9 + 1) 16 + (16 x 9 + 1) 32 + (32 x 49 + 1) 128 + (128 + 1) 10 = 206,922.
    CHECK(builtin("small-cnn").parameters.size == 206'922);
    CHECK(builtin("mcmahan-cnn").parameters.size == 1'663'370);
    CHECK(builtin("lenet5").parameters.size == 61'706);
    CHECK(builtin("mlp").parameters.size == 199'210);
    CHECK(builtin("workload-a-cnn").parameters.size == 582'026);
    CHECK(builtin("mlp-32").parameters.size == 25'450);
    CHECK(builtin_model_names().size() == 6);
}

TEST_CASE("A built-in model ends with as many logits as there are classes")
{
    // lenet5's last layer: 84 x 47 + 47 instead of 84 x 10 + 10.
    const auto model = build_model({.name = "lenet5", .layers = {}, .torchscript = {}}, {1, 28, 28, 47});
    CHECK(model.parameters.size == 61'706 + 37 * 85);
}

TEST_CASE("Layers are numbered by kind and their parameters named after them")
{
    const auto model = builtin("small-cnn");
    std::vector<std::string> names;
    for (const auto& layer : model.layers) names.push_back(layer.name);
    CHECK(names == std::vector<std::string>{"conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "flatten1", "fc1",
                                            "relu3", "fc2"});

    const auto& slots = model.parameters.slots;
    REQUIRE(slots.size() == 8);
    CHECK(slots[0].name == "conv1.weight");
    CHECK(slots[0].shape == std::vector<std::int64_t>{16, 1, 3, 3});
    CHECK(slots[0].fan_in == 9);
    CHECK(slots[3].name == "conv2.bias");
    CHECK(slots[3].offset == 144 + 16 + 4608);
    CHECK(slots[3].fan_in == 144);
    CHECK(slots[4].name == "fc1.weight");
    CHECK(slots[4].shape == std::vector<std::int64_t>{128, 1568});
    CHECK(slots[7].name == "fc2.bias");
    CHECK(slots[7].offset + slots[7].size == model.parameters.size);
}

TEST_CASE("small-cnn costs what counting by hand gives")
{
    const auto model = builtin("small-cnn");
    // Output elements x filter elements x 2.
    CHECK(model.layers[0].forward_flops == 2ULL * 16 * 28 * 28 * 9);       // 225,792
    CHECK(model.layers[3].forward_flops == 2ULL * 32 * 14 * 14 * 16 * 9);  // 1,806,336
    CHECK(model.layers[7].forward_flops == 2ULL * 1568 * 128);             // 401,408
    CHECK(model.layers[9].forward_flops == 2ULL * 128 * 10);               // 2,560
    CHECK(model.cost.forward_flops == 2'436'096);
    // Twice forward, but for the first layer's input gradient.
    CHECK(model.layers[0].backward_flops == 225'792);
    CHECK(model.layers[3].backward_flops == 2 * 1'806'336);
    CHECK(model.cost.backward_flops == 2 * 2'436'096 - 225'792);

    // In floats. Forward, input + output: 784+12544, 2x12544, 12544+3136, 3136+6272, 2x6272, 6272+1568, 0, 1568+128,
    // 2x128, 128+10 = 85,978. Backward, output + 2 inputs, the first layer 1 input: 13328, 37632, 28224, 12544, 18816,
    // 14112, 0, 3264, 384, 266 = 128,570.
    CHECK(model.cost.forward_bytes == 4 * 85'978);
    CHECK(model.cost.backward_bytes == 4 * 128'570);
}

TEST_CASE("Layers before the first parameters cost nothing backward")
{
    // 1 x 4 x 4 pooled to 1 x 2 x 2, then 4 to 3.
    const auto model = of_layers({spec::AvgPool2d{2, 2}, spec::Flatten{}, spec::Linear{3}}, {1, 4, 4, 3});
    CHECK(model.layers[0].forward_bytes == 4 * (16 + 4));
    CHECK(model.layers[0].backward_bytes == 0);
    CHECK(model.layers[1].forward_bytes == 0);
    CHECK(model.cost.forward_flops == 2 * 4 * 3);
    CHECK(model.cost.backward_flops == 2 * 4 * 3);
    CHECK(model.cost.backward_bytes == 4 * (3 + 4));
}

TEST_CASE("A step moves the parameters as often as its optimizer touches them")
{
    const auto model = builtin("mlp-32");
    spec::Optimizer optimizer;
    CHECK(step_bytes(model.parameters, optimizer) == 4 * 25'450 * (3 + 3));
    optimizer.momentum = 0.9;
    CHECK(step_bytes(model.parameters, optimizer) == 4 * 25'450 * (3 + 5));
    optimizer.kind = spec::OptimizerKind::adam;
    CHECK(step_bytes(model.parameters, optimizer) == 4 * 25'450 * (3 + 7));
    optimizer.gradient_clip = 1;
    CHECK(step_bytes(model.parameters, optimizer) == 4 * 25'450 * (3 + 7 + 3));
}

TEST_CASE("Stride and padding shape a convolution")
{
    // (28 + 2 x 2 - 5) / 3 + 1 = 10, rounded down.
    const auto model = of_layers({spec::Conv2d{2, 5, 3, 2}, spec::Flatten{}, spec::Linear{10}});
    CHECK(model.layers[0].output_shape == std::vector<std::int64_t>{2, 10, 10});
}

TEST_CASE("A layer that doesn't fit is named, with the way out")
{
    using namespace spec;
    CHECK_THROWS_WITH(of_layers({Linear{10}}), Contains("model.layers[0]") && Contains("put flatten before it"));
    CHECK_THROWS_WITH(of_layers({Flatten{}, Conv2d{3, 3}}), Contains("model.layers[1]") && Contains("flat"));
    CHECK_THROWS_WITH(of_layers({Conv2d{3, 29}}), Contains("doesn't fit into the input of 1x28x28"));
    CHECK_THROWS_WITH(of_layers({MaxPool2d{2, 0}}), Contains("stride must be at least 1"));
    CHECK_THROWS_WITH(of_layers({Conv2d{0, 3}}), Contains("channels must be at least 1"));
    CHECK_THROWS_WITH(of_layers({Flatten{}, Linear{9}}), Contains("gives 9") && Contains("10 classes"));
    CHECK_THROWS_WITH(of_layers({Flatten{}, Linear{4'000'000'000}}), Contains("too large"));
    CHECK_THROWS_WITH(of_layers({Conv2d{4'000'000'000, 4'000'000'000, 1, 4'000'000'000}}), Contains("too large"));
    CHECK_THROWS_AS(of_layers({Linear{10}}), SpecError);
}

TEST_CASE("An unknown built-in model is refused with the known ones")
{
    CHECK_THROWS_WITH(builtin("resnet"), Contains("\"resnet\"") && Contains("small-cnn, mcmahan-cnn"));
}
