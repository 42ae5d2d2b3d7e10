#include "common/learning/torchscript/torchscript_code.hpp"

#include "common/learning/model/normalization.hpp"
#include "common/text/number_text.hpp"

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
        const std::string groups = conv.groups == 1 ? "" : ", [1, 1], " + std::to_string(conv.groups);
        return "torch.conv2d(x, self.weight, " + std::string{conv.bias ? "self.bias" : "None"} + ", " +
               pair(conv.stride) + ", " + pair(conv.padding) + groups + ")";
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
    std::string operator()(const spec::BatchNorm&) const
    {
        return "torch.batch_norm(x, self.weight, self.bias, self.running_mean, self.running_var, self.training, " +
               text::shortest(batch_norm_momentum) + ", " + text::shortest(normalization_epsilon) + ", True)";
    }
    std::string operator()(const spec::GroupNorm& norm) const
    {
        return "torch.group_norm(x, " + std::to_string(norm.groups) + ", self.weight, self.bias, " +
               text::shortest(normalization_epsilon) + ", True)";
    }
    std::string operator()(const spec::GlobalAvgPool2d&) const { return "torch.adaptive_avg_pool2d(x, [1, 1])"; }
    std::string operator()(const spec::Dropout& dropout) const
    {
        const auto probability = text::shortest(dropout.probability);
        // A float as TorchScript writes it has a point, or an exponent.
        const bool whole = probability.find_first_of(".e") == std::string::npos;
        return "torch.dropout(x, " + probability + (whole ? "." : "") + ", self.training)";
    }
    std::string operator()(const spec::Relu6&) const { return "torch.relu6(x)"; }
    std::string operator()(const spec::Residual&) const { return {}; }  // unreachable: it has lines of its own
};

struct ModuleClass {
    std::string name;
    std::string parameters{};  // a list's items: names in quotes
    std::string buffers{};     // as well
    std::string attributes{};  // lines
    std::string body{};        // lines

    [[nodiscard]] std::string text() const
    {
        return "class " + name + "(Module):\n  __parameters__ = [" + parameters + "]\n  __buffers__ = [" + buffers +
               "]\n  training : bool\n" + attributes + "  def forward(self: __torch__.fedgram." + name +
               ",\n    x: Tensor) -> Tensor:\n" + body;
    }
};

void add_layers(ModuleClass& result, const std::vector<LayerInfo>& layers)
{
    for (const auto& layer : layers)
        result.attributes += "  " + own_name(layer) + " : __torch__.fedgram." + own_name(layer) + "\n";
}

std::string layer_classes(const std::vector<LayerInfo>& layers, const ParameterTable& table)
{
    std::string text;
    for (const auto& layer : layers) {
        ModuleClass result{own_name(layer)};
        for (const auto& slot : table.slots)
            if (const auto parameter = parameter_of(layer, slot)) {
                (slot.is_trained ? result.parameters : result.buffers) += "\"" + *parameter + "\", ";
                result.attributes += "  " + *parameter + " : Tensor\n";
            }
        add_layers(result, layer.body);
        add_layers(result, layer.shortcut);
        result.body = forward_lines(layer, "    ");
        text += result.text() + layer_classes(layer.body, table) + layer_classes(layer.shortcut, table);
    }
    return text;
}

// Of layers in a row, on a variable.
std::string calls(const std::vector<LayerInfo>& layers, const std::string& variable, const std::string& indent)
{
    std::string lines;
    for (const auto& layer : layers)
        lines += indent + variable + " = self." + own_name(layer) + ".forward(" + variable + ")\n";
    return lines;
}

}  // namespace

std::string own_name(const LayerInfo& layer) { return layer.name.substr(layer.name.rfind('.') + 1); }

std::string forward_expression(const spec::Layer& layer) { return std::visit(Expression{}, layer); }

std::string forward_lines(const LayerInfo& layer, const std::string& indent)
{
    if (!std::holds_alternative<spec::Residual>(layer.layer))
        return indent + "return " + forward_expression(layer.layer) + "\n";
    return indent + "y = x\n" + calls(layer.body, "y", indent) + indent + "z = x\n" +
           calls(layer.shortcut, "z", indent) + indent + "return torch.add(y, z)\n";
}

std::optional<std::string> parameter_of(const LayerInfo& layer, const ParameterSlot& slot)
{
    const std::string prefix = layer.name + ".";
    if (!slot.name.starts_with(prefix)) return std::nullopt;
    auto name = slot.name.substr(prefix.size());
    if (name.find('.') != std::string::npos) return std::nullopt;  // of a layer inside it
    return name;
}

std::string torchscript_code(const Model& model)
{
    ModuleClass net{"Net"};
    add_layers(net, model.layers);
    net.body = calls(model.layers, "x", "    ") + "    return x\n";
    return net.text() + layer_classes(model.layers, model.parameters);
}

}  // namespace fedgram::learning::torchscript
