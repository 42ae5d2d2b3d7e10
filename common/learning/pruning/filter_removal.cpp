#include "common/learning/pruning/filter_removal.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <map>
#include <numeric>
#include <string>

#include "common/error/error.hpp"
#include "common/learning/pruning/filter_layer.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::learning {

namespace {

using Filters = std::vector<std::uint32_t>;

std::string name_of_filter(const FilterLayer& layer, std::uint32_t filter)
{
    return layer.name + ", filter " + std::to_string(filter);
}

std::span<const float> weights_of(const FilterLayer& layer, std::uint32_t filter, std::span<const float> parameters)
{
    return parameters.subspan(layer.weights + filter * layer.filter_size, layer.filter_size);
}

/// How many weights of one filter take what one filter of the layer before gives.
std::size_t weights_for_each_input(const FilterLayer& layer, const FilterLayer& before)
{
    return layer.filter_size / before.filters;
}

void check_filters(const std::vector<FilterLayer>& layers, const FiltersByLayer& removed)
{
    for (const auto& layer : layers) {
        const auto& filters = removed[layer.place];
        assert(std::ranges::adjacent_find(filters, std::ranges::greater_equal{}) == filters.end());
        if (filters.empty()) continue;
        if (!layer.next) throw SpecError{name_of_filter(layer, filters.front()) + ": can't go, since " + layer.stays};
        if (filters.back() >= layer.filters)
            throw SpecError{name_of_filter(layer, filters.back()) + ": there are " + std::to_string(layer.filters) +
                            "; use 0 to " + std::to_string(layer.filters - 1)};
        if (filters.size() == layer.filters)
            throw SpecError{layer.name + ": all of its " + std::to_string(layer.filters) +
                            " filters can't go; leave at least one"};
    }
}

/// What a filter gives the next layer everywhere, since its weights are 0.
double constant_of(const FilterLayer& layer, std::uint32_t filter, const FilterLayer& next,
                   std::span<const float> parameters)
{
    double constant = layer.biases ? parameters[*layer.biases + filter] : 0;
    const auto check_border = [&](bool pads, const std::string& name) {
        if (constant != 0 && pads)
            throw SpecError{name_of_filter(layer, filter) + ": gives " + text::shortest(constant) +
                            " everywhere, and no bias can stand for that where " + name +
                            " pads its input with zeros; set all that the filter gives to 0 first"};
    };
    for (const auto& step : layer.steps) {
        if (const auto* convolution = std::get_if<ChannelConvolution>(&step))
            check_border(convolution->pads, convolution->name);
        constant = constant_behind(step, filter, constant, parameters);
    }
    check_border(next.pads, next.name);
    return constant;
}

/// Adds these to what the layer's filters give.
void add_to_outputs(const FilterLayer& layer, std::span<const double> sums, std::span<float> parameters)
{
    const auto* norm = layer.steps.empty() ? nullptr : std::get_if<ChannelNorm>(&layer.steps.front());
    for (std::uint32_t output = 0; output < layer.filters; ++output) {
        if (layer.biases) {
            auto& bias = parameters[*layer.biases + output];
            bias = static_cast<float>(bias + sums[output]);
        } else if (norm != nullptr) {
            auto& mean = parameters[norm->means + output];
            mean = static_cast<float>(mean - sums[output]);
        } else if (sums[output] != 0)
            throw SpecError{name_of_filter(layer, output) + ": has neither a bias nor a batch normalization for the " +
                            text::shortest(sums[output]) +
                            " that removed filters give it; set all that they give to 0 first"};
    }
}

/// Gives `next` what the removed filters of `layer` would still give it.
void fold_constants(const FilterLayer& layer, const Filters& removed, const FilterLayer& next,
                    std::span<float> parameters)
{
    const auto count = weights_for_each_input(next, layer);
    std::vector<double> sums(next.filters);
    for (const auto filter : removed) {
        if (std::ranges::any_of(weights_of(layer, filter, parameters), [](float weight) { return weight != 0; }))
            throw SpecError{name_of_filter(layer, filter) + ": has weights that aren't 0; set them to 0 first"};
        const double constant = constant_of(layer, filter, next, parameters);
        if (constant == 0) continue;
        for (std::uint32_t output = 0; output < next.filters; ++output) {
            const auto weights = weights_of(next, output, parameters).subspan(filter * count, count);
            sums[output] += constant * std::accumulate(weights.begin(), weights.end(), 0.0);
        }
    }
    add_to_outputs(next, sums, parameters);
}

Filters kept_filters(const FilterLayer& layer, const Filters& removed)
{
    Filters all(layer.filters);
    std::iota(all.begin(), all.end(), 0);
    Filters kept;
    std::ranges::set_difference(all, removed, std::back_inserter(kept));
    return kept;
}

/// What is left of a layer.
struct Remainder {
    Filters outputs;             ///< its filters, or the channels that it takes and gives each by itself
    Filters inputs{};            ///< of the filters whose channels its own take
    std::size_t input_size = 0;  ///< weights for each of them; 0: it takes all that comes in
};

/// By their names; the layers that aren't there stay whole.
using Remainders = std::map<std::string, Remainder>;

Remainders remainders(const std::vector<FilterLayer>& layers, const FiltersByLayer& removed)
{
    Remainders result;
    for (const auto& layer : layers) {
        const auto kept = kept_filters(layer, removed[layer.place]);
        result[layer.name].outputs = kept;
        for (const auto& step : layer.steps) {
            if (const auto* norm = std::get_if<ChannelNorm>(&step)) result[norm->name].outputs = kept;
            if (const auto* convolution = std::get_if<ChannelConvolution>(&step))
                result[convolution->name].outputs = kept;
        }
        if (!layer.next) continue;
        const auto& next = layers[*layer.next];
        result[next.name].inputs = kept;
        result[next.name].input_size = weights_for_each_input(next, layer);
    }
    return result;
}

/// Appends what is left of a layer's tensor, of which each row is one filter's or channel's.
void append_rows(const ParameterSlot& slot, const Remainder& remainder, std::span<const float> parameters,
                 std::vector<float>& to)
{
    const auto row_size = slot.size / static_cast<std::size_t>(slot.shape.front());
    const bool has_inputs = slot.shape.size() > 1 && remainder.input_size > 0;
    const auto size = has_inputs ? remainder.input_size : row_size;
    const auto inputs = has_inputs ? remainder.inputs : Filters{0};
    for (const auto output : remainder.outputs)
        for (const auto input : inputs) {
            const auto values = parameters.subspan(slot.offset + output * row_size + input * size, size);
            to.insert(to.end(), values.begin(), values.end());
        }
}

std::vector<float> smaller_parameters(const ParameterTable& table, const Remainders& remainders,
                                      std::span<const float> parameters)
{
    std::vector<float> result;
    for (const auto& slot : table.slots) {
        const auto left = remainders.find(slot.name.substr(0, slot.name.rfind('.')));
        if (left != remainders.end()) {
            append_rows(slot, left->second, parameters, result);
            continue;
        }
        const auto values = parameters.subspan(slot.offset, slot.size);
        result.insert(result.end(), values.begin(), values.end());
    }
    return result;
}

void set_filters(spec::Layer& layer, std::size_t count)
{
    const auto filters = static_cast<std::uint32_t>(count);
    if (auto* conv = std::get_if<spec::Conv2d>(&layer)) {
        conv->channels = filters;
        if (conv->groups > 1) conv->groups = filters;  // depthwise
    }
    if (auto* linear = std::get_if<spec::Linear>(&layer)) linear->features = filters;
}

std::vector<spec::Layer> smaller_layers(const std::vector<LayerInfo>& layers, const Remainders& remainders)
{
    std::vector<spec::Layer> result;
    for (const auto& info : layers) {
        auto layer = info.layer;
        if (auto* residual = std::get_if<spec::Residual>(&layer)) {
            residual->layers = smaller_layers(info.body, remainders);
            residual->shortcut = smaller_layers(info.shortcut, remainders);
        }
        const auto left = remainders.find(info.name);
        if (left != remainders.end()) set_filters(layer, left->second.outputs.size());
        result.push_back(std::move(layer));
    }
    return result;
}

}  // namespace

void zero_filters(const Model& model, const FiltersByLayer& filters, std::span<float> parameters)
{
    assert(parameters.size() == model.parameters.size && filters.size() == all_layers(model).size());
    const auto layers = filter_layers(model);
    check_filters(layers, filters);
    for (const auto& layer : layers)
        for (const auto filter : filters[layer.place]) {
            std::ranges::fill(parameters.subspan(layer.weights + filter * layer.filter_size, layer.filter_size), 0.0F);
            if (layer.biases) parameters[*layer.biases + filter] = 0;
            for (const auto& step : layer.steps) zero_channel(step, filter, parameters);
        }
}

SmallerModel remove_filters(const spec::ModelSpec& spec, Shape shape, std::span<const float> parameters,
                            const FiltersByLayer& filters)
{
    const auto model = build_model(spec, shape);
    assert(parameters.size() == model.parameters.size && filters.size() == all_layers(model).size());
    const auto layers = filter_layers(model);
    check_filters(layers, filters);

    std::vector<float> folded{parameters.begin(), parameters.end()};
    for (const auto& layer : layers)
        if (layer.next) fold_constants(layer, filters[layer.place], layers[*layer.next], folded);

    const auto left = remainders(layers, filters);
    SmallerModel smaller{.spec = spec, .parameters = smaller_parameters(model.parameters, left, folded)};
    smaller.spec.width = 1;  // it is in the layers
    smaller.spec.layers = smaller_layers(model.layers, left);
    return smaller;
}

}  // namespace fedgram::learning
