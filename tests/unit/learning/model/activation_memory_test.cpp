#include "common/learning/model/activation_memory.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using spec::NumberType;

namespace {

Model builtin(const std::string& name) { return build_model({.name = name, .layers = {}, .torchscript = {}}, {}); }

Model of_layers(std::vector<spec::Layer> layers, Shape shape)
{
    return build_model({.name = "test", .layers = std::move(layers), .torchscript = {}}, shape);
}

std::vector<std::pair<std::string, std::uint64_t>> pairs(const ActivationPlan& plan)
{
    std::vector<std::pair<std::string, std::uint64_t>> all;
    for (const auto& [name, bytes] : plan.operators) all.emplace_back(name, bytes);
    return all;
}

}  // namespace

TEST_CASE("An operator holds what it reads and what it gives, and ReLU works in place")
{
    // small-cnn in int8: 784, 16 x 28 x 28 = 12,544, 16 x 14 x 14 = 3136, 32 x 14 x 14 = 6272, 1568, 128, 10.
    const auto plan = plan_activations(builtin("small-cnn"), NumberType::int8, Fusion::none);
    CHECK(pairs(plan) == std::vector<std::pair<std::string, std::uint64_t>>{{"conv1", 784 + 12'544},
                                                                            {"relu1", 12'544},
                                                                            {"pool1", 12'544 + 3136},
                                                                            {"conv2", 3136 + 6272},
                                                                            {"relu2", 6272},
                                                                            {"pool2", 6272 + 1568},
                                                                            {"fc1", 1568 + 128},
                                                                            {"relu3", 128},
                                                                            {"fc2", 128 + 10}});
    CHECK(plan.peak().name == "pool1");
    CHECK(plan.peak().bytes == 15'680);
}

TEST_CASE("The peak is at the first layers, and goes by the bytes of a number")
{
    CHECK(plan_activations(builtin("small-cnn"), NumberType::fp32, Fusion::none).peak().bytes == 62'720);
    const auto mcmahan = plan_activations(builtin("mcmahan-cnn"), NumberType::int8, Fusion::none);
    CHECK(mcmahan.peak().bytes == 31'360);
    CHECK(mcmahan.peak().name == "pool1");
}

TEST_CASE("Fused with its pooling, what a convolution gives is never held")
{
    const auto plan = plan_activations(builtin("small-cnn"), NumberType::int8, Fusion::pooling);
    CHECK(pairs(plan) == std::vector<std::pair<std::string, std::uint64_t>>{{"conv1, relu1, pool1", 784 + 3136},
                                                                            {"conv2, relu2, pool2", 3136 + 1568},
                                                                            {"fc1, relu3", 1568 + 128},
                                                                            {"fc2", 128 + 10}});
    CHECK(plan.peak().bytes == 4704);
}

TEST_CASE("A second pooling, a pooling at the start and one behind another operator stand alone")
{
    using namespace spec;
    const auto model = of_layers(
        {MaxPool2d{2, 2}, Tanh{}, Conv2d{4, 1}, MaxPool2d{2, 2}, Relu{}, AvgPool2d{2, 2}, Flatten{}, Linear{3}},
        {1, 16, 16, 3});
    // 256, pooled 64, convolved 4 x 64 and pooled to 4 x 16, pooled to 4 x 4, 3.
    CHECK(pairs(plan_activations(model, NumberType::int8, Fusion::pooling)) ==
          std::vector<std::pair<std::string, std::uint64_t>>{
              {"pool1", 320}, {"tanh1", 64}, {"conv1, pool2, relu1", 128}, {"pool3", 80}, {"fc1", 19}});
    CHECK(
        pairs(plan_activations(model, NumberType::int8, Fusion::none)) ==
        std::vector<std::pair<std::string, std::uint64_t>>{
            {"pool1", 320}, {"tanh1", 64}, {"conv1", 320}, {"pool2", 320}, {"relu1", 64}, {"pool3", 80}, {"fc1", 19}});
}

TEST_CASE("A buffer that a later operator reads stays in memory")
{
    // A block: the input is read by operator 0 and added by operator 2.
    const std::vector<ActivationBuffer> buffers{{100, 0, 2}, {10, 0, 1}, {20, 1, 2}, {50, 2, 2}};
    CHECK(bytes_in_memory(buffers, 0) == 110);
    CHECK(bytes_in_memory(buffers, 1) == 130);
    CHECK(bytes_in_memory(buffers, 2) == 170);
}

TEST_CASE("A model whose activations aren't known is refused")
{
    CHECK_THROWS_WITH(plan_activations(Model{}, NumberType::int8, Fusion::none),
                      "activation memory: what a TorchScript model holds is not known; use a model of layers");
    CHECK_THROWS_WITH(plan_activations(of_layers({spec::Flatten{}}, {1, 2, 2, 4}), NumberType::int8, Fusion::none),
                      "activation memory: the model computes nothing; give it a linear layer");
}

TEST_CASE("What a shortcut reads is held until it has been read, and nothing is written over it")
{
    const spec::Conv2d same{.channels = 2, .kernel = 3, .padding = 1};
    const auto model = [&](std::vector<spec::Layer> body, std::vector<spec::Layer> shortcut) {
        return of_layers(
            {spec::Conv2d{.channels = 2, .kernel = 1}, spec::Residual{std::move(body), std::move(shortcut)},
             spec::GlobalAvgPool2d{}, spec::Flatten{}, spec::Linear{3}},
            {1, 4, 4, 3});
    };
    // 16, then 2 x 4 x 4 = 32.
    const auto identity = plan_activations(model({same, spec::Relu{}}, {}), NumberType::int8, Fusion::none);
    CHECK(pairs(identity) == std::vector<std::pair<std::string, std::uint64_t>>{{"conv1", 16 + 32},
                                                                                {"residual1.conv2", 32 + 32},
                                                                                {"residual1.relu1", 32 + 32},
                                                                                {"residual1", 32 + 32},
                                                                                {"pool1", 32 + 2},
                                                                                {"fc1", 2 + 3}});
    const auto projected = plan_activations(model({same}, {same}), NumberType::int8, Fusion::none);
    CHECK(pairs(projected)[2] == std::pair<std::string, std::uint64_t>{"residual1.conv3", 32 + 32 + 32});
    CHECK(pairs(projected)[3] == std::pair<std::string, std::uint64_t>{"residual1", 32 + 32});
    // A ReLU that comes first would spoil what the shortcut takes.
    const auto relu_first = plan_activations(model({spec::Relu{}, same}, {}), NumberType::int8, Fusion::none);
    CHECK(pairs(relu_first)[1] == std::pair<std::string, std::uint64_t>{"residual1.relu1", 32 + 32});
}

TEST_CASE("ResNet-8 holds a block's entry beside its second convolution")
{
    const auto model = build_model({.name = "resnet-8"}, {3, 32, 32, 10});
    const auto plan = plan_activations(model, NumberType::int8, Fusion::none);
    CHECK(plan.peak().bytes == 3 * 16 * 32 * 32);
    CHECK(plan.peak().name == "residual1.conv3");
}
