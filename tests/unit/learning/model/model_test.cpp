#include "common/learning/model/model.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/model/builtin_models.hpp"
#include "common/learning/model/flops.hpp"
#include "common/learning/networks/network.hpp"

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
    CHECK(builtin_model_names().size() == 10);
}

TEST_CASE("MLPerf Tiny's models have its reference implementations' parameters and multiply-accumulates")
{
    const auto at = [](const char* name, Shape shape) {
        return build_model({.name = name, .layers = {}, .torchscript = {}}, shape);
    };
    const auto resnet = at("resnet-8", {3, 32, 32, 10});
    CHECK(resnet.parameters.size == 78'666);
    CHECK(resnet.parameters.trained_size() == 78'666 - 2 * 240);
    CHECK(resnet.cost.forward_flops / 2 == 12'501'632);
    CHECK(builtin("resnet-8").parameters.size == 78'378);  // 2 x 144 fewer in the first convolution
    const auto mobilenet = at("mobilenet-v1-025", {3, 96, 96, 2});
    CHECK(mobilenet.parameters.size == 221'794);
    CHECK(mobilenet.cost.forward_flops / 2 == 7'489'664);
    CHECK(builtin("mobilenet-v1-025").parameters.size == 223'706);
    // 24,908 for 12 classes, with 40 x 64 weights in the first convolution where there are 9 x 64 here.
    CHECK(at("ds-cnn", {1, 49, 10, 12}).parameters.size == 24'908 - 31 * 64);
    CHECK(builtin("ds-cnn").parameters.size == 22'794);
    // torchvision's ResNet-18 with a stem of 3 x 3 and 10 classes.
    CHECK(at("resnet-18-gn", {3, 32, 32, 10}).parameters.size == 11'173'962);
    CHECK(at("resnet-18-gn", {3, 32, 32, 10}).cost.forward_flops / 2 == 555'422'720);
    CHECK(builtin("resnet-18-gn").parameters.size == 11'172'810);
}

TEST_CASE("As a list of layers, a network costs what it does by operations")
{
    const auto layers = build_model({.name = "resnet-8", .layers = {}, .torchscript = {}}, {3, 32, 32, 10}).cost;
    const auto operations = network("resnet-8").sum();
    CHECK(layers.forward_flops == operations.forward_flops);
    CHECK(layers.backward_flops == operations.backward_flops);
    CHECK(layers.forward_bytes == operations.forward_bytes);
    CHECK(layers.backward_bytes == operations.backward_bytes);
    CHECK(layers.kernels.forward == operations.kernels.forward);
    CHECK(layers.kernels.backward == operations.kernels.backward);
}

TEST_CASE("A depthwise convolution moves 2 k^2 times its tensors' bytes, and has the FLOPs of its few weights")
{
    const auto model =
        of_layers({spec::Conv2d{4, 1}, spec::Conv2d{.channels = 4, .kernel = 3, .groups = 4, .bias = false},
                   spec::Flatten{}, spec::Linear{10}},
                  {1, 6, 6, 10});
    CHECK(model.layers[1].forward_flops == 2 * 9 * 4 * 16);
    CHECK(model.layers[1].backward_flops == 2 * 2 * 9 * 4 * 16);
    CHECK(model.layers[1].forward_bytes == 18 * 4 * (4 * 36 + 4 * 16));
    CHECK(model.layers[1].parameters == 36);
    CHECK(model.layers[1].kernels.forward == 1);
    CHECK(model.layers[1].kernels.backward == 2);
}

TEST_CASE("A residual's layers bear its name, its parameters lie in their order and all buffers behind them")
{
    using namespace spec;
    const auto model =
        of_layers({Conv2d{2, 3, 1, 1}, BatchNorm{},
                   Residual{{Conv2d{4, 3, 2, 1}, GroupNorm{2}, Relu{}},
                            {Conv2d{.channels = 4, .kernel = 1, .stride = 2, .bias = false}, BatchNorm{}}},
                   GlobalAvgPool2d{}, Dropout{0.5}, Flatten{}, Linear{10}},
                  {1, 8, 8, 10});
    std::vector<std::string> names;
    for (const auto* layer : all_layers(model)) names.push_back(layer->name);
    CHECK(names == std::vector<std::string>{"conv1", "bn1", "residual1.conv2", "residual1.gn1", "residual1.relu1",
                                            "residual1.conv3", "residual1.bn2", "residual1", "pool1", "dropout1",
                                            "flatten1", "fc1"});
    CHECK(model.layers[2].output_shape == std::vector<std::int64_t>{4, 4, 4});
    std::vector<std::string> slots;
    for (const auto& slot : model.parameters.slots) slots.push_back(slot.name);
    CHECK(slots == std::vector<std::string>{
                       "conv1.weight", "conv1.bias", "bn1.weight", "bn1.bias", "residual1.conv2.weight",
                       "residual1.conv2.bias", "residual1.gn1.weight", "residual1.gn1.bias", "residual1.conv3.weight",
                       "residual1.bn2.weight", "residual1.bn2.bias", "fc1.weight", "fc1.bias", "bn1.running_mean",
                       "bn1.running_var", "residual1.bn2.running_mean", "residual1.bn2.running_var"});
    const auto& buffer = model.parameters.slots[16];
    CHECK_FALSE(buffer.is_trained);
    CHECK(buffer.offset + buffer.size == model.parameters.size);
    CHECK(model.parameters.trained_size() == model.parameters.slots[13].offset);
    const auto values = initial_parameters(model, 1);
    CHECK(values[model.parameters.slots[2].offset] == 1);
    CHECK(values[model.parameters.slots[3].offset] == 0);
    CHECK(values[model.parameters.slots[13].offset] == 0);
    CHECK(values[buffer.offset] == 1);
}

TEST_CASE("Newer layers that don't fit are refused with the way out")
{
    using namespace spec;
    CHECK_THROWS_WITH(of_layers({Conv2d{.channels = 4, .kernel = 3, .groups = 2}}),
                      Contains("groups of 2 don't divide the 1 channels"));
    CHECK_THROWS_WITH(of_layers({Conv2d{4, 3}, GroupNorm{3}}), Contains("model.layers[1]") && Contains("groups of 3"));
    CHECK_THROWS_WITH(of_layers({Flatten{}, BatchNorm{}}), Contains("takes an image"));
    CHECK_THROWS_WITH(of_layers({Dropout{1}}), Contains("probability must be from 0 to below 1"));
    CHECK_THROWS_WITH(of_layers({Residual{{Conv2d{4, 3}}}}),
                      Contains("model.layers[0]: its layers give 4x26x26, but its shortcut 1x28x28"));
    CHECK_THROWS_WITH(of_layers({Residual{{Conv2d{1, 3, 1, 1}, Linear{3}}}}),
                      Contains("model.layers[0].layers[1]: linear takes a flat input"));
    CHECK_THROWS_WITH(of_layers({Residual{{Tanh{}}, {Conv2d{1, 40}}}}), Contains("model.layers[0].shortcut[0]"));
    const auto mup = [](const char* name) {
        return build_model({.name = name, .layers = {}, .torchscript = {}, .parametrization = Parametrization::mup},
                           Shape{});
    };
    CHECK_THROWS_WITH(mup("resnet-8"), Contains("not for batch_norm; use \"parametrization\": \"standard\""));
    CHECK_THROWS_WITH(mup("resnet-18-gn"), Contains("not for group_norm"));
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
