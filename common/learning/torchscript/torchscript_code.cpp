#include "common/learning/torchscript/torchscript_code.hpp"

namespace fedgram::learning::torchscript {

namespace {

std::string pair(std::uint32_t value)
{
    const std::string text = std::to_string(value);
    return "[" + text + ", " + text + "]";
}

struct Expression {
    std::string operator()(const spec::Conv2d& conv) const
    {
        return "torch.conv2d(x, self.weight, self.bias, " + pair(conv.stride) + ", " + pair(conv.padding) + ")";
    }
    std::string operator()(const spec::Linear&) const { return "torch.linear(x, self.weight, self.bias)"; }
    std::string operator()(const spec::Relu&) const { return "torch.relu(x)"; }
    std::string operator()(const spec::Tanh&) const { return "torch.tanh(x)"; }
    std::string operator()(const spec::MaxPool2d& pool) const
    {
        return "torch.max_pool2d(x, " + pair(pool.kernel) + ", " + pair(pool.stride) + ")";
    }
    std::string operator()(const spec::AvgPool2d& pool) const
    {
        return "torch.avg_pool2d(x, " + pair(pool.kernel) + ", " + pair(pool.stride) + ")";
    }
    std::string operator()(const spec::Flatten&) const { return "torch.flatten(x, 1)"; }
};

struct ModuleClass {
    std::string name;
    std::string parameters{};  // a list's items: names in quotes
    std::string attributes{};  // lines
    std::string body{};        // lines

    [[nodiscard]] std::string text() const
    {
        return "class " + name + "(Module):\n  __parameters__ = [" + parameters +
               "]\n  __buffers__ = []\n  training : bool\n" + attributes + "  def forward(self: __torch__.fedgram." +
               name + ",\n    x: Tensor) -> Tensor:\n" + body;
    }
};

std::string layer_class(const LayerInfo& layer, const ParameterTable& table)
{
    ModuleClass result{layer.name};
    for (const auto& slot : table.slots)
        if (const auto parameter = parameter_of(layer, slot)) {
            result.parameters += "\"" + *parameter + "\", ";
            result.attributes += "  " + *parameter + " : Tensor\n";
        }
    result.body = "    return " + forward_expression(layer.layer) + "\n";
    return result.text();
}

}  // namespace

std::string forward_expression(const spec::Layer& layer) { return std::visit(Expression{}, layer); }

std::optional<std::string> parameter_of(const LayerInfo& layer, const ParameterSlot& slot)
{
    const std::string prefix = layer.name + ".";
    if (!slot.name.starts_with(prefix)) return std::nullopt;
    return slot.name.substr(prefix.size());
}

std::string torchscript_code(const Model& model)
{
    ModuleClass net{"Net"};
    std::string layers;
    for (const auto& layer : model.layers) {
        net.attributes += "  " + layer.name + " : __torch__.fedgram." + layer.name + "\n";
        net.body += "    x = self." + layer.name + ".forward(x)\n";
        layers += layer_class(layer, model.parameters);
    }
    net.body += "    return x\n";
    return net.text() + layers;
}

}  // namespace fedgram::learning::torchscript
