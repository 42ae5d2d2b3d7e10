#include <torch/csrc/jit/frontend/resolver.h>
#include <torch/csrc/jit/frontend/sugared_value.h>
#include <torch/script.h>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/networks/network.hpp"
#include "common/learning/open_engine.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/learning/torch/architectures.hpp"
#include "tests/unit/learning/torch/layer_count.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using namespace fedgram::learning::test;
using Catch::Matchers::Contains;
using Catch::Matchers::Equals;
using fedgram::test::TemporaryFolder;

namespace {

constexpr Shape grey{1, 28, 28, 10};
constexpr Shape colour{3, 32, 32, 10};

Engine& engine()
{
    static const auto opened = open_engine("torch");
    return *opened;
}

torch::Tensor example(const Shape& shape) { return torch::zeros({2, shape.channels, shape.height, shape.width}); }

ItemizedCost itemized(const torch::jit::Module& module, const Shape& shape)
{
    const TemporaryFolder folder;
    module.save((folder / "model.pt").string());
    return engine().itemize(folder / "model.pt", shape);
}

ModelCost cost(const torch::jit::Module& module, const Shape& shape) { return itemized(module, shape).sum().value(); }

const OperatorCost& item(const ItemizedCost& cost, const std::string& name)
{
    for (const auto& each : cost.operators)
        if (each.name == name) return each;
    throw std::runtime_error{"no " + name};
}

std::uint64_t calls(const ItemizedCost& cost, const std::string& name) { return item(cost, name).calls; }

template <class Architecture>
torch::jit::Module scripted(const Architecture& architecture)
{
    ScriptedLayers layers{empty_module()};
    return layers.module(architecture(layers, std::string{"x"}));
}

template <class Architecture>
torch::jit::Module traced(const Architecture& architecture, const Shape& shape)
{
    TracedLayers layers{empty_module()};
    return layers.module([&](TracedLayers& each, torch::Tensor x) { return architecture(each, std::move(x)); },
                         example(shape));
}

void check_same(const ModelCost& found, const ModelCost& expected)
{
    CHECK(found.forward_flops == expected.forward_flops);
    CHECK(found.backward_flops == expected.backward_flops);
    CHECK(found.forward_bytes == expected.forward_bytes);
    CHECK(found.backward_bytes == expected.backward_bytes);
    CHECK(found.kernels.forward == expected.kernels.forward);
    CHECK(found.kernels.backward == expected.kernels.backward);
}

// Scripted and traced it costs what was worked out by hand, what a count by layers gives and what LibTorch's formulas
// give for the products that it runs.
template <class Architecture>
ModelCost check(const Architecture& architecture, const Shape& shape, std::uint64_t forward, std::uint64_t backward)
{
    CountedLayers layers;
    (void)architecture(layers, {shape.height});
    CHECK(layers.forward_flops == forward);
    CHECK(layers.backward_flops == backward);

    const auto script = itemized(scripted(architecture), shape);
    const auto trace = itemized(traced(architecture, shape), shape);
    const auto found = script.sum().value();
    CHECK(found.forward_flops == forward);
    CHECK(found.backward_flops == backward);
    {
        INFO("traced");
        check_same(trace.sum().value(), found);
    }
    for (const auto* each : {&script, &trace})
        for (const auto& one : each->operators) {
            INFO(one.name);
            CHECK(one.check == one.cost->forward_flops);
        }
    return found;
}

// x = relu(a(x)); f((x + b(x)).flatten(1)), on 1 x 28 x 28: two convolutions of 3 x 3 with 4 channels.
struct Residual {
    template <class Layers>
    auto operator()(Layers& layers, typename Layers::Value x) const
    {
        x = layers.relu(layers.convolution(x, {.in = 1, .out = 4, .kernel = 3, .padding = 1}));
        const auto y = layers.convolution(x, {.in = 4, .out = 4, .kernel = 3, .padding = 1});
        return layers.linear(layers.flatten(layers.add(x, y)), 4 * 784, 10);
    }
};

torch::jit::Module with_linear(const std::string& forward)
{
    auto module = empty_module();
    module.register_parameter("weight", torch::full({10, 784}, 0.01F).requires_grad_(), false);
    module.define(forward);
    return module;
}

// The names of a saved file's source, in which alone `fork` is one.
struct WithFork : torch::jit::Resolver {
    std::shared_ptr<torch::jit::SugaredValue> resolveValue(const std::string& name, torch::jit::GraphFunction&,
                                                           const torch::jit::SourceRange&) override
    {
        if (name == "fork") return torch::jit::SpecialFormValue::create(torch::jit::prim::fork);
        return name == "torch" ? std::make_shared<torch::jit::BuiltinModule>("aten") : nullptr;
    }
};

constexpr std::uint64_t linear_flops = 2 * 784 * 10;

}  // namespace

TEST_CASE("A perceptron costs what its layers do")
{
    // 784 x 128 + 128 x 64 + 64 x 10 = 109,184 multiply-accumulates; the first 100,352 need no input gradient.
    const auto found = check(Perceptron{}, grey, 2 * 109'184, 2 * (2 * 109'184 - 100'352));
    CHECK(found.kernels.forward == 3 + 2);               // three products, two ReLUs; flatten is a view
    CHECK(found.kernels.backward == 2 + 3 + 3 + 1 + 1);  // weights, biases, inputs but the first; ReLUs
}

TEST_CASE("LeNet-5 costs what its layers do")
{
    // 28^2 x 6 x 25 + 10^2 x 16 x 150 + 400 x 120 + 120 x 84 + 84 x 10
    // = 117,600 + 240,000 + 48,000 + 10,080 + 840 = 416,520
    const auto found = check(LeNet5{}, grey, 2 * 416'520, 2 * (2 * 416'520 - 117'600));

    // And what the same network costs as a list of layers.
    const auto layers =
        build_model({.name = "lenet",
                     .layers = {spec::Conv2d{6, 5, 1, 2}, spec::Relu{}, spec::MaxPool2d{2, 2}, spec::Conv2d{16, 5},
                                spec::Relu{}, spec::MaxPool2d{2, 2}, spec::Flatten{}, spec::Linear{120}, spec::Relu{},
                                spec::Linear{84}, spec::Relu{}, spec::Linear{10}},
                     .torchscript = {}},
                    grey);
    check_same(found, layers.cost);
}

TEST_CASE("A VGG with batch normalization and dropout costs what its layers do")
{
    // 32^2 x 16 x 27 + 32^2 x 16 x 144 + 16^2 x 32 x 144 + 16^2 x 32 x 288 + 8^2 x 64 x 288 + 1024 x 128 + 128 x 10
    // = 442,368 + 2,359,296 + 1,179,648 + 2,359,296 + 1,179,648 + 131,072 + 1,280 = 7,652,608
    check(Vgg{}, colour, 2 * 7'652'608, 2 * (2 * 7'652'608 - 442'368));
}

TEST_CASE("ResNet-18 costs what the network of that name does, FLOPs, bytes and kernels")
{
    // 555,422,720 is the published count (https://github.com/kuangliu/pytorch-cifar); the stem is 32^2 x 64 x 27.
    const auto found = check(ResNet18{}, colour, 2 * 555'422'720ULL, 2 * (2 * 555'422'720ULL - 1'769'472));
    const auto expected = network("resnet-18-cifar").sum();
    check_same(found, {expected.forward_flops, expected.backward_flops, expected.forward_bytes, expected.backward_bytes,
                       expected.kernels});
}

TEST_CASE("A MobileNet's depthwise and grouped convolutions cost what their groups do")
{
    // 16^2 x 16 x 27 + 16^2 x 16 x 9 + 16^2 x 32 x 16 + 8^2 x 32 x 9 + 8^2 x 64 x 8 + 64 x 10
    // = 110,592 + 36,864 + 131,072 + 18,432 + 32,768 + 640 = 330,368
    check(MobileNet{}, colour, 2 * 330'368, 2 * (2 * 330'368 - 110'592));
}

TEST_CASE("A U-Net's transposed convolution costs what its inputs feed")
{
    // 28^2 x 8 x 9 + 14^2 x 16 x 72 + 14^2 x 16 x 8 x 4 + 28^2 x 8 x 144 + 28^2 x 10 x 8
    // = 56,448 + 225,792 + 100,352 + 903,168 + 62,720 = 1,348,480
    check(UNet{}, grey, 2 * 1'348'480, 2 * (2 * 1'348'480 - 56'448));
}

TEST_CASE("An LSTM costs what its steps do")
{
    // 28 steps of 128 x (12 + 32), then 32 x 10: 157,696 + 320. Backward all twice, but for the first state: 128 x 32.
    check(WordLstm{}, grey, 2 * 158'016, 2 * (2 * 158'016 - 4'096));

    const auto parts = itemized(scripted(WordLstm{}), grey);
    CHECK(calls(parts, "aten::linear in aten::lstm") == 1 + 28);  // all inputs at once, then each state
    CHECK(calls(parts, "aten::linear") == 1);
}

TEST_CASE("A residual sum costs the same scripted and traced, whatever waits on the interpreter's stack")
{
    // 784 x 4 x 9 + 784 x 4 x 36 + 3,136 x 10 = 28,224 + 112,896 + 31,360 = 172,480
    const auto found = check(Residual{}, grey, 2 * 172'480, 2 * (2 * 172'480 - 28'224));
    // Two convolutions with their biases, ReLU, sum, product. Weights, biases, inputs but the first; ReLU; not the sum.
    CHECK(found.kernels.forward == 4 + 1 + 1 + 1);
    CHECK(found.kernels.backward == 2 + 3 + 3 + 1);
}

TEST_CASE("Operands that wait on the stack for other operators aren't an operator's own")
{
    const auto add = [](torch::jit::Module& module) {
        module.register_parameter("filter", torch::full({1, 1, 3, 3}, 0.1F).requires_grad_(), false);
        module.register_parameter("weight", torch::full({10, 784}, 0.01F).requires_grad_(), false);
    };
    auto module = empty_module();
    add(module);
    module.define(R"(
def forward(self, x):
    return torch.linear(torch.flatten(x + torch.conv2d(x, self.filter, None, [1, 1], [1, 1]), 1), self.weight)
)");
    const auto found = cost(module, grey);
    // 784 x 9 + 784 x 10; the pixels need no gradient.
    CHECK(found.forward_flops == 2 * (7'056 + 7'840));
    CHECK(found.backward_flops == 2 * (7'056 + 2 * 7'840));
    CHECK(found.kernels.forward == 3);
    CHECK(found.kernels.backward == 1 + 2);

    // By an expression that keeps five images beneath the convolution.
    auto deep = empty_module();
    add(deep);
    deep.define(R"(
def forward(self, x):
    x = torch.relu(x) + (x + (x + (x + (x + torch.conv2d(x, self.filter, None, [1, 1], [1, 1])))))
    return torch.linear(torch.flatten(x, 1), self.weight)
)");
    CHECK(cost(deep, grey).forward_flops == found.forward_flops);
    CHECK(cost(deep, grey).backward_flops == found.backward_flops);
}

TEST_CASE("A transposed convolution of as many channels in as out is counted by its inputs")
{
    auto module = empty_module();
    module.register_parameter("filter", torch::full({1, 1, 2, 2}, 0.1F).requires_grad_(), false);
    module.register_parameter("weight", torch::full({10, 3136}, 0.01F).requires_grad_(), false);
    module.define(R"(
def forward(self, x):
    return torch.linear(torch.flatten(torch.conv_transpose2d(x, self.filter, None, [2, 2]), 1), self.weight)
)");
    // Each of 784 pixels feeds 2 x 2; then 56^2 x 10.
    CHECK(cost(module, grey).forward_flops == 2 * (784 * 4 + 3136 * 10));
    CHECK(item(itemized(module, grey), "aten::conv_transpose2d").check == 2 * 784 * 4);
}

TEST_CASE("Convolutions over rows are counted, and checked as images of height 1")
{
    auto module = empty_module();
    module.register_parameter("filter", torch::full({4, 28, 3}, 0.1F).requires_grad_(), false);
    module.register_parameter("weight", torch::full({10, 104}, 0.01F).requires_grad_(), false);
    module.define(R"(
def forward(self, x):
    x = torch.conv1d(torch.squeeze(x, 1), self.filter)
    return torch.linear(torch.flatten(x, 1), self.weight)
)");
    const auto found = itemized(module, grey);
    CHECK(found.sum()->forward_flops == 2 * (26 * 4 * 28 * 3 + 104 * 10));
    CHECK(item(found, "aten::conv1d").check == 2 * 26 * 4 * 28 * 3);
}

TEST_CASE("What is made of other operators costs what those do")
{
    const auto found = itemized(with_linear(R"(
def forward(self, x):
    return torch.einsum("nc,kc->nk", [torch.reshape(torch.permute(x, [0, 2, 3, 1]), [-1, 784]), self.weight])
)"),
                                grey);
    CHECK(found.sum()->forward_flops == linear_flops);
    CHECK(found.sum()->backward_flops == linear_flops);
    CHECK(item(found, "aten::bmm in aten::einsum").check == linear_flops);
}

TEST_CASE("Without gradients there is no backward")
{
    const auto found = cost(with_linear(R"(
def forward(self, x):
    torch.set_grad_enabled(False)
    y = torch.linear(torch.flatten(x, 1), self.weight)
    torch.set_grad_enabled(True)
    return y + torch.linear(torch.flatten(x, 1), self.weight)
)"),
                            grey);
    CHECK(found.forward_flops == 2 * linear_flops);
    CHECK(found.backward_flops == linear_flops);
}

TEST_CASE("Arithmetic with sizes launches nothing")
{
    // As a trace has it, where sizes are tensors of one integer.
    const auto found = cost(with_linear(R"(
def forward(self, x):
    features = torch.mul(torch.scalar_tensor(28, dtype=4), torch.scalar_tensor(28, dtype=4))
    return torch.linear(torch.reshape(x, [-1, int(features)]), self.weight)
)"),
                            grey);
    CHECK(found.kernels.forward == 1);
    CHECK(found.forward_bytes == 4 * (784 + 10));
}

TEST_CASE("An operator that isn't known is named with its calls, and what it costs stays unknown")
{
    const auto unknown = with_linear(R"(
def forward(self, x):
    y = torch.linear(torch.flatten(x, 1), self.weight)
    z = torch.inverse(torch.matmul(y, torch.t(y)) + torch.eye(torch.size(x, 0)))
    z = torch.inverse(z)
    return torch.matmul(torch.inverse(z), y) + torch.bilinear(y, y, torch.ones([10, 10, 10]), None)
)");
    const auto found = itemized(unknown, grey);
    CHECK_FALSE(found.sum());
    CHECK_THAT(found.unknown(), Equals("aten::linalg_inv_ex in aten::linalg_inv (3 calls), "
                                       "aten::_trilinear in aten::bilinear (1 call)"));
    CHECK(item(found, "aten::linear").cost->forward_flops == linear_flops);

    const TemporaryFolder folder;
    const auto path = folder / "model.pt";
    unknown.save(path.string());
    CHECK_THROWS_AS(engine().describe(path, grey), DataError);
    CHECK_THROWS_WITH(engine().describe(path, grey),
                      Contains("model.pt: what it costs is unknown, for want of a rule for ") &&
                          Contains("aten::_trilinear in aten::bilinear (1 call)") &&
                          Contains("`fedgram models " + path.string() + "`") && !Contains("\n"));
}

TEST_CASE("What a model forks to another thread is unknown")
{
    auto module = with_linear("def product(self, x):\n    return torch.linear(torch.flatten(x, 1), self.weight)\n");
    module.define("def forward(self, x):\n    return torch.wait(fork(self.product, x))\n",
                  std::make_shared<WithFork>());
    CHECK(itemized(module, grey).unknown() == "prim::fork (1 call)");
}
