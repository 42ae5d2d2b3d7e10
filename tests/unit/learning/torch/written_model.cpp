#include "tests/unit/learning/torch/written_model.hpp"

#include <torch/csrc/jit/frontend/tracer.h>

namespace fedgram::learning::test {

namespace {

std::string pair(std::int64_t value) { return "[" + std::to_string(value) + ", " + std::to_string(value) + "]"; }

std::vector<std::int64_t> weight_sizes(const Convolution& c) { return {c.out, c.in / c.groups, c.kernel, c.kernel}; }

}  // namespace

std::string Tensors::parameter(const std::vector<std::int64_t>& sizes)
{
    auto name = next();
    if (!module_.hasattr(name)) module_.register_parameter(name, torch::full(sizes, 0.01F).requires_grad_(), false);
    return name;
}

std::string Tensors::buffer(const torch::Tensor& value)
{
    auto name = next();
    if (!module_.hasattr(name)) module_.register_buffer(name, value);
    return name;
}

torch::jit::Module empty_module()
{
    torch::jit::Module module{"__torch__.Written"};
    module.register_attribute("training", c10::BoolType::get(), true);
    return module;
}

void add_traced_forward(torch::jit::Module& module, const std::function<torch::Tensor(torch::Tensor)>& forward,
                        const torch::Tensor& example)
{
    const auto traced = torch::jit::tracer::trace(
        {example},
        [&](const torch::jit::Stack& inputs) -> torch::jit::Stack { return {forward(inputs.at(0).toTensor())}; },
        [](const torch::Tensor&) { return std::string{}; }, /*strict=*/true, /*force_outplace=*/false, &module);
    auto* function = module._ivalue()->compilation_unit()->create_function(
        c10::QualifiedName{*module.type()->name(), "forward"}, traced.first->graph);
    module.type()->addMethod(function);
}

ScriptedLayers::Value ScriptedLayers::named(const std::string& expression)
{
    auto name = "v" + std::to_string(values_++);
    lines_ += "    " + name + " = " + expression + "\n";
    return name;
}

ScriptedLayers::Value ScriptedLayers::convolution(const Value& x, const Convolution& c)
{
    const auto weight = "self." + tensors_.parameter(weight_sizes(c));
    const auto bias = c.bias ? "self." + tensors_.parameter({c.out}) : "None";
    return named("torch.conv2d(" + x + ", " + weight + ", " + bias + ", " + pair(c.stride) + ", " + pair(c.padding) +
                 ", [1, 1], " + std::to_string(c.groups) + ")");
}

ScriptedLayers::Value ScriptedLayers::transposed_convolution(const Value& x, const Convolution& c)
{
    const auto weight = "self." + tensors_.parameter({c.in, c.out, c.kernel, c.kernel});
    return named("torch.conv_transpose2d(" + x + ", " + weight + ", None, " + pair(c.stride) + ")");
}

ScriptedLayers::Value ScriptedLayers::batch_norm(const Value& x, std::int64_t channels)
{
    const auto weight = tensors_.parameter({channels});
    const auto bias = tensors_.parameter({channels});
    const auto mean = tensors_.buffer(torch::zeros({channels}));
    const auto variance = tensors_.buffer(torch::ones({channels}));
    const auto batches = tensors_.buffer(torch::zeros({}, torch::kInt64));
    lines_ += "    if self.training:\n        self." + batches + ".add_(1)\n";
    return named("torch.batch_norm(" + x + ", self." + weight + ", self." + bias + ", self." + mean + ", self." +
                 variance + ", self.training, 0.1, 1e-5, True)");
}

ScriptedLayers::Value ScriptedLayers::linear(const Value& x, std::int64_t in, std::int64_t out)
{
    const auto weight = tensors_.parameter({out, in});
    const auto bias = tensors_.parameter({out});
    return named("torch.linear(" + x + ", self." + weight + ", self." + bias + ")");
}

ScriptedLayers::Value ScriptedLayers::embedding(const Value& x, std::int64_t rows, std::int64_t features)
{
    const auto table = tensors_.parameter({rows, features});
    return named("torch.embedding(self." + table + ", torch.to(torch.select(torch.select(" + x + ", 3, 0), 1, 0), 4))");
}

ScriptedLayers::Value ScriptedLayers::lstm(const Value& x, std::int64_t in, std::int64_t hidden)
{
    std::string parameters;
    for (const std::vector<std::int64_t>& sizes :
         std::vector<std::vector<std::int64_t>>{{4 * hidden, in}, {4 * hidden, hidden}, {4 * hidden}, {4 * hidden}})
        parameters += "self." + tensors_.parameter(sizes) + ", ";
    const auto state = named("torch.zeros([1, torch.size(" + x + ", 0), " + std::to_string(hidden) + "])");
    const auto all = named("torch.lstm(" + x + ", [" + state + ", " + state + "], [" + parameters +
                           "], True, 1, 0.0, self.training, False, True)[0]");
    return named("torch.select(" + all + ", 1, -1)");
}

torch::jit::Module ScriptedLayers::module(const Value& result)
{
    auto& module = tensors_.module();
    module.define(
        "def relu(self, x, inplace: bool):\n    if inplace:\n        y = torch.relu_(x)\n"
        "    else:\n        y = torch.relu(x)\n    return y\n");
    module.define("def forward(self, x):\n" + lines_ + "    return " + result + "\n");
    return module;
}

TracedLayers::Value TracedLayers::convolution(const Value& x, const Convolution& c)
{
    const auto weight = parameter(weight_sizes(c));
    const auto bias = c.bias ? parameter({c.out}) : torch::Tensor{};
    return torch::conv2d(x, weight, bias, c.stride, c.padding, 1, c.groups);
}

TracedLayers::Value TracedLayers::transposed_convolution(const Value& x, const Convolution& c)
{
    return torch::conv_transpose2d(x, parameter({c.in, c.out, c.kernel, c.kernel}), {}, c.stride);
}

TracedLayers::Value TracedLayers::batch_norm(const Value& x, std::int64_t channels)
{
    const auto weight = parameter({channels});
    const auto bias = parameter({channels});
    const auto mean = tensors_.at(tensors_.buffer(torch::zeros({channels})));
    const auto variance = tensors_.at(tensors_.buffer(torch::ones({channels})));
    tensors_.at(tensors_.buffer(torch::zeros({}, torch::kInt64))).add_(1);
    return torch::batch_norm(x, weight, bias, mean, variance, true, 0.1, 1e-5, true);
}

TracedLayers::Value TracedLayers::linear(const Value& x, std::int64_t in, std::int64_t out)
{
    const auto weight = parameter({out, in});
    return torch::linear(x, weight, parameter({out}));
}

TracedLayers::Value TracedLayers::embedding(const Value& x, std::int64_t rows, std::int64_t features)
{
    return torch::embedding(parameter({rows, features}), x.select(3, 0).select(1, 0).to(torch::kInt64));
}

TracedLayers::Value TracedLayers::lstm(const Value& x, std::int64_t in, std::int64_t hidden)
{
    std::vector<torch::Tensor> parameters;
    for (const std::vector<std::int64_t>& sizes :
         std::vector<std::vector<std::int64_t>>{{4 * hidden, in}, {4 * hidden, hidden}, {4 * hidden}, {4 * hidden}})
        parameters.push_back(parameter(sizes));
    // As Python's x.size(0), which stays open in a trace.
    if (torch::jit::tracer::isTracing())
        torch::jit::tracer::ArgumentStash::stashIntArrayRefElem("size", 3, 1, torch::jit::tracer::getSizeOf(x, 0));
    const auto state = torch::zeros({1, x.size(0), hidden});
    return std::get<0>(torch::lstm(x, {state, state}, parameters, true, 1, 0.0, true, false, true)).select(1, -1);
}

torch::jit::Module TracedLayers::module(const std::function<Value(TracedLayers&, Value)>& forward,
                                        const torch::Tensor& example)
{
    (void)forward(*this, example);  // makes the parameters
    add_traced_forward(
        tensors_.module(),
        [&](torch::Tensor x) {
            tensors_.start_again();
            return forward(*this, std::move(x));
        },
        example);
    return tensors_.module();
}

}  // namespace fedgram::learning::test
