#include "common/learning/pruning/filter_layer.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "common/error/error.hpp"
#include "common/random/portable_math.hpp"

namespace fedgram::learning {

namespace {

template <class Kind>
bool is(const LayerInfo& info)
{
    return std::holds_alternative<Kind>(info.layer);
}

double relu(double x) { return x > 0 ? x : 0; }

/// The C library's picks its code by CPU.
double tanh(double x)
{
    const double e = portable::exp(-2 * std::abs(x));
    return std::copysign((1 - e) / (1 + e), x);
}

const ParameterSlot& slot_of(const Model& model, const std::string& name)
{
    const auto slot = std::ranges::find(model.parameters.slots, name, &ParameterSlot::name);
    assert(slot != model.parameters.slots.end());
    return *slot;
}

FilterLayer filter_layer(const Model& model, std::size_t place, bool pads)
{
    const auto& name = model.layers[place].name;
    const auto& weight = slot_of(model, name + ".weight");
    const auto filters = static_cast<std::uint32_t>(weight.shape.front());
    return {.name = name,
            .place = place,
            .filters = filters,
            .filter_size = weight.size / filters,
            .weights = weight.offset,
            .biases = slot_of(model, name + ".bias").offset,
            .pads = pads};
}

}  // namespace

double FilterLayer::constant(double bias) const
{
    for (const auto activation : activations) bias = activation(bias);
    return bias;
}

std::vector<FilterLayer> filter_layers(const Model& model)
{
    if (!model.torchscript.empty())
        throw SpecError{"model.torchscript: the filters of " + model.torchscript +
                        " aren't known; use a model of layers"};
    std::vector<FilterLayer> result;
    const auto activate = [&](double (*activation)(double)) {
        if (!result.empty()) result.back().activations.push_back(activation);
    };
    for (std::size_t place = 0; place < model.layers.size(); ++place) {
        const auto& info = model.layers[place];
        if (const auto* conv = std::get_if<spec::Conv2d>(&info.layer); conv && conv->groups == 1 && conv->bias)
            result.push_back(filter_layer(model, place, conv->padding > 0));
        else if (is<spec::Linear>(info))
            result.push_back(filter_layer(model, place, false));
        else if (is<spec::Relu>(info))
            activate(relu);
        else if (is<spec::Tanh>(info))
            activate(tanh);
        else if (is<spec::MaxPool2d>(info) || is<spec::AvgPool2d>(info) || is<spec::Flatten>(info))
            continue;  // a channel stays by itself, and a constant as it is
        else
            throw SpecError{"model.layers[" + std::to_string(place) + "]: what " + info.name +
                            " makes of a channel isn't known to structured pruning; prune weights instead"};
    }
    return result;
}

}  // namespace fedgram::learning
