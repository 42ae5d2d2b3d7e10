#include "common/learning/torch/script_module.hpp"

#include <algorithm>
#include <sstream>

#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/inliner.h>

#include "common/error/error.hpp"
#include "common/learning/torch/library_call.hpp"
#include "common/learning/torchscript/torchscript_code.hpp"

namespace fedgram::learning::torch_engine {

namespace {

void add_training_flag(torch::jit::Module& module)
{
    module.register_attribute("training", c10::BoolType::get(), true);
}

void add_layers(torch::jit::Module& parent, const std::vector<LayerInfo>& layers, const ParameterTable& table)
{
    for (const auto& layer : layers) {
        const auto name = torchscript::own_name(layer);
        torch::jit::Module part{"__torch__.fedgram." + name, parent._ivalue()->compilation_unit()};
        add_training_flag(part);
        for (const auto& slot : table.slots)
            if (const auto parameter = torchscript::parameter_of(layer, slot))
                part.register_parameter(*parameter, torch::zeros(slot.shape).requires_grad_(slot.is_trained),
                                        /*is_buffer=*/!slot.is_trained);
        add_layers(part, layer.body, table);
        add_layers(part, layer.shortcut, table);
        part.define("def forward(self, x):\n" + torchscript::forward_lines(layer, "    "));
        parent.register_module(name, part);
    }
}

// A module of submodules, one for each layer, named as the parameter table names them: Python's state_dict shows
// "conv1.weight" too.
torch::jit::Module compile(const Model& model)
{
    torch::jit::Module net{"__torch__.fedgram.Net"};
    add_training_flag(net);
    add_layers(net, model.layers, model.parameters);
    std::string body;
    for (const auto& layer : model.layers) body += "    x = self." + layer.name + ".forward(x)\n";
    net.define("def forward(self, x):\n" + body + "    return x\n");
    return net;
}

bool is_zero(const torch::jit::Value* value)
{
    const auto constant = torch::jit::toIValue(value);
    return constant && constant->isDouble() && constant->toDouble() == 0;
}

bool draws(const torch::jit::Node& node)
{
    const auto* schema = node.maybeSchema();
    if (!schema) return false;
    if (schema->name().find("dropout") != std::string::npos || schema->name().find("rand") != std::string::npos)
        return true;
    for (std::size_t i = 0; i < schema->arguments().size(); ++i) {
        const auto& argument = schema->arguments()[i];
        if (argument.type()->str().find("Generator") != std::string::npos) return true;
        // A recurrent operator's, which most models leave at none.
        if (argument.name().find("dropout") != std::string::npos && !is_zero(node.input(i))) return true;
    }
    return false;
}

bool draws(const torch::jit::Block& block)
{
    for (const auto* node : block.nodes()) {
        if (draws(*node)) return true;
        for (const auto* inner : node->blocks())
            if (draws(*inner)) return true;
    }
    return false;
}

}  // namespace

torch::jit::Module load_module(const std::filesystem::path& path)
{
    if (!std::filesystem::is_regular_file(path))
        throw DataError{path.string() + ": no such file; give a TorchScript file"};
    return or_throw<DataError>([&] { return torch::jit::load(path.string(), torch::kCPU); },
                               [&](const std::string& reason) {
                                   return path.string() +
                                          ": not a TorchScript file; write one with torch.jit.script(model).save(...) "
                                          "(LibTorch: " +
                                          reason + ")";
                               });
}

torch::jit::Module make_module(const Model& model)
{
    return model.torchscript.empty() ? compile(model) : load_module(model.torchscript);
}

std::vector<NamedTensor> federated_tensors(const torch::jit::Module& module, const std::string& where)
{
    std::vector<NamedTensor> tensors;
    const auto add = [&](const std::string& name, const torch::Tensor& tensor) {
        for (const auto& other : tensors) {
            if (other.tensor.is_same(tensor))  // tied weights: one tensor under two names
                return;
            if (other.tensor.is_alias_of(tensor))
                throw DataError{where + ": " + name + " shares memory with " + other.name +
                                "; give each its own tensor, or register the same one twice"};
        }
        tensors.push_back({name, tensor});
    };
    for (const auto& parameter : module.named_parameters()) {
        if (parameter.value.scalar_type() != torch::kFloat32)
            throw DataError{where + ": parameter " + parameter.name + " is " +
                            c10::toString(parameter.value.scalar_type()) + "; save the model after model.float()"};
        add(parameter.name, parameter.value);
    }
    for (const auto& buffer : module.named_buffers())
        if (buffer.value.defined() && buffer.value.scalar_type() == torch::kFloat32) add(buffer.name, buffer.value);
    return tensors;
}

void read_values(const std::vector<NamedTensor>& tensors, std::span<float> flat)
{
    for (const auto& [name, tensor] : tensors) {
        const auto size = static_cast<std::size_t>(tensor.numel());
        const auto values = tensor.cpu().contiguous();
        std::copy_n(values.data_ptr<float>(), size, flat.begin());
        flat = flat.subspan(size);
    }
}

void set_values(const std::vector<NamedTensor>& tensors, std::span<const float> flat)
{
    const torch::NoGradGuard no_grad;
    for (const auto& [name, tensor] : tensors) {
        tensor.copy_(torch::from_blob(const_cast<float*>(flat.data()), tensor.sizes()));
        flat = flat.subspan(static_cast<std::size_t>(tensor.numel()));
    }
}

ParameterTable table_of(const std::vector<NamedTensor>& tensors)
{
    ParameterTable table;
    for (const auto& [name, tensor] : tensors) {
        const auto size = static_cast<std::size_t>(tensor.numel());
        table.slots.push_back({name, tensor.sizes().vec(), table.size, size, 0, {}, tensor.requires_grad()});
        table.size += size;
    }
    return table;
}

bool same_slots(const ParameterTable& a, const ParameterTable& b)
{
    return std::equal(a.slots.begin(), a.slots.end(), b.slots.begin(), b.slots.end(),
                      [](const auto& x, const auto& y) { return x.name == y.name && x.shape == y.shape; });
}

torch::jit::Module module_of_state(StateReader& state, const ParameterTable& table, const std::string& where)
{
    const auto archive = state.list<char>();
    std::istringstream stream{std::string{archive.begin(), archive.end()}};
    auto module = or_throw<DataError>(
        [&] { return torch::jit::load(stream); },
        [&](const std::string& reason) { return where + ": the state of its training is damaged: " + reason; });
    if (!same_slots(table_of(federated_tensors(module, where)), table))
        throw DataError{where + ": the state is another model's"};
    return module;
}

bool draws_random_numbers(const torch::jit::Module& module)
{
    const auto graph = module.get_method("forward").graph()->copy();
    torch::jit::Inline(*graph);
    return draws(*graph->block());
}

}  // namespace fedgram::learning::torch_engine
