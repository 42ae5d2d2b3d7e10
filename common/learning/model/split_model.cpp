#include "common/learning/model/split_model.hpp"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <utility>

#include "common/error/error.hpp"
#include "common/learning/model/beginning.hpp"
#include "common/text/joined.hpp"

namespace fedgram::learning {

namespace {

bool learns(const LayerInfo& layer) { return layer.parameters > 0 || !layer.body.empty(); }

// The residual around a layer, at any depth; nullptr where there is none.
const LayerInfo* residual_around(const Model& model, const std::string& name)
{
    const auto is_in = [&](const LayerInfo& layer, const auto& self) -> bool {
        const auto is_it = [&](const LayerInfo& inner) { return inner.name == name || self(inner, self); };
        return std::ranges::any_of(layer.body, is_it) || std::ranges::any_of(layer.shortcut, is_it);
    };
    const auto found = std::ranges::find_if(model.layers, [&](const auto& layer) { return is_in(layer, is_in); });
    return found == model.layers.end() ? nullptr : &*found;
}

std::size_t frozen_layers(const Model& model, const std::string& last)
{
    const auto found = std::ranges::find(model.layers, last, &LayerInfo::name);
    if (found == model.layers.end() || !learns(*found)) {
        std::vector<std::string> names;
        for (const auto& layer : model.layers)
            if (learns(layer)) names.push_back(layer.name);
        const auto* const residual = residual_around(model, last);
        throw SpecError{"\"" + last + "\" is " +
                        (residual == nullptr ? "no layer with parameters"
                                             : "inside of " + residual->name + ", which is frozen as a whole or not") +
                        "; use one of " + text::joined(names)};
    }
    const auto next = std::find_if(found + 1, model.layers.end(), learns);
    if (next == model.layers.end())
        throw SpecError{"no layer is left to learn behind \"" + last + "\"; use an earlier one"};
    return static_cast<std::size_t>(next - model.layers.begin());
}

void take_names(LayerInfo& layer, const LayerInfo& from)
{
    layer.name = from.name;
    for (std::size_t i = 0; i < layer.body.size(); ++i) take_names(layer.body[i], from.body[i]);
    for (std::size_t i = 0; i < layer.shortcut.size(); ++i) take_names(layer.shortcut[i], from.shortcut[i]);
}

void build_rest(const Model& model, std::size_t frozen, SplitModel& split)
{
    const auto& input = model.layers[frozen - 1].output_shape;
    const auto extent = [](std::int64_t value) { return static_cast<std::uint32_t>(value); };
    split.rest_layers = {.name = model.name};
    auto& layers = split.rest_layers.layers;
    Shape shape{.channels = extent(input[0]), .height = 1, .width = 1, .classes = model.shape.classes};
    if (input.size() == 3)
        std::tie(shape.height, shape.width) = std::pair{extent(input[1]), extent(input[2])};
    else
        layers.emplace_back(spec::Flatten{});
    const auto own = layers.size();
    for (auto i = frozen; i < model.layers.size(); ++i) layers.push_back(model.layers[i].layer);
    split.rest = build_model(split.rest_layers, shape);
    for (auto i = own; i < layers.size(); ++i) take_names(split.rest.layers[i], model.layers[frozen + i - own]);
}

}  // namespace

SplitModel split_behind(const Model& model, const std::string& layer)
{
    SplitModel split;
    const auto frozen = frozen_layers(model, layer);
    split.frozen = beginning(model, model.layers[frozen - 1]);
    build_rest(model, frozen, split);

    // Trained parameters come first, and buffers behind them all, in the layers' order.
    auto& table = split.rest.parameters;
    const auto& first = model.layers[frozen];
    const auto trained = table.trained_size();
    split.places.resize(table.size);
    for (std::size_t i = 0; i < table.size; ++i)
        split.places[i] = i < trained ? first.offset + i : first.buffer_offset + (i - trained);
    for (auto& slot : table.slots)
        slot.name = std::ranges::find(model.parameters.slots, split.places[slot.offset], &ParameterSlot::offset)->name;
    return split;
}

std::vector<float> rest_of(std::span<const float> whole, std::span<const std::size_t> places)
{
    std::vector<float> rest(places.size());
    for (std::size_t i = 0; i < places.size(); ++i) rest[i] = whole[places[i]];
    return rest;
}

void put_rest(std::span<const float> rest, std::span<const std::size_t> places, std::span<float> whole)
{
    for (std::size_t i = 0; i < places.size(); ++i) whole[places[i]] = rest[i];
}

}  // namespace fedgram::learning
