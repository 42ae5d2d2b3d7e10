#include "common/learning/pruning/filter_removal.hpp"

#include <algorithm>
#include <cassert>
#include <functional>
#include <iterator>
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
        if (&layer == &layers.back())
            throw SpecError{name_of_filter(layer, filters.front()) +
                            ": can't go, since the last layer's filters are the classes"};
        if (filters.back() >= layer.filters)
            throw SpecError{name_of_filter(layer, filters.back()) + ": there are " + std::to_string(layer.filters) +
                            "; use 0 to " + std::to_string(layer.filters - 1)};
        if (filters.size() == layer.filters)
            throw SpecError{layer.name + ": all of its " + std::to_string(layer.filters) +
                            " filters can't go; leave at least one"};
    }
}

/// Adds to the biases of `next` what the removed filters of `layer` would still give it.
void fold_constants(const FilterLayer& layer, const Filters& removed, const FilterLayer& next,
                    std::span<float> parameters)
{
    const auto count = weights_for_each_input(next, layer);
    std::vector<double> sums(next.filters);
    for (const auto filter : removed) {
        if (std::ranges::any_of(weights_of(layer, filter, parameters), [](float weight) { return weight != 0; }))
            throw SpecError{name_of_filter(layer, filter) + ": has weights that aren't 0; set them to 0 first"};
        const double constant = layer.constant(parameters[layer.biases + filter]);
        if (constant == 0) continue;
        if (next.pads)
            throw SpecError{name_of_filter(layer, filter) + ": gives " + text::shortest(constant) +
                            " everywhere, and no bias can stand for that where " + next.name +
                            " pads its input with zeros; set the filter's bias to 0 first"};
        for (std::uint32_t output = 0; output < next.filters; ++output) {
            const auto weights = weights_of(next, output, parameters).subspan(filter * count, count);
            sums[output] += constant * std::accumulate(weights.begin(), weights.end(), 0.0);
        }
    }
    for (std::uint32_t output = 0; output < next.filters; ++output) {
        auto& bias = parameters[next.biases + output];
        bias = static_cast<float>(bias + sums[output]);
    }
}

Filters kept_filters(const FilterLayer& layer, const Filters& removed)
{
    Filters all(layer.filters);
    std::iota(all.begin(), all.end(), 0);
    Filters kept;
    std::ranges::set_difference(all, removed, std::back_inserter(kept));
    return kept;
}

/// Appends what is left of a layer, weights before biases as in the flat array. `inputs` are the filters that are kept
/// of the layer before, with `count` weights each.
void append_kept(const FilterLayer& layer, const Filters& kept, const Filters& inputs, std::size_t count,
                 std::span<const float> parameters, std::vector<float>& to)
{
    for (const auto filter : kept)
        for (const auto input : inputs) {
            const auto weights = weights_of(layer, filter, parameters).subspan(input * count, count);
            to.insert(to.end(), weights.begin(), weights.end());
        }
    for (const auto filter : kept) to.push_back(parameters[layer.biases + filter]);
}

void set_filters(spec::Layer& layer, std::size_t count)
{
    const auto filters = static_cast<std::uint32_t>(count);
    if (auto* conv = std::get_if<spec::Conv2d>(&layer)) conv->channels = filters;
    if (auto* linear = std::get_if<spec::Linear>(&layer)) linear->features = filters;
}

}  // namespace

void zero_filters(const Model& model, const FiltersByLayer& filters, std::span<float> parameters)
{
    assert(parameters.size() == model.parameters.size && filters.size() == model.layers.size());
    const auto layers = filter_layers(model);
    check_filters(layers, filters);
    for (const auto& layer : layers)
        for (const auto filter : filters[layer.place]) {
            std::ranges::fill(parameters.subspan(layer.weights + filter * layer.filter_size, layer.filter_size), 0.0F);
            parameters[layer.biases + filter] = 0;
        }
}

SmallerModel remove_filters(const spec::ModelSpec& spec, Shape shape, std::span<const float> parameters,
                            const FiltersByLayer& filters)
{
    const auto model = build_model(spec, shape);
    assert(parameters.size() == model.parameters.size && filters.size() == model.layers.size());
    const auto layers = filter_layers(model);
    check_filters(layers, filters);

    std::vector<float> folded{parameters.begin(), parameters.end()};
    for (std::size_t i = 0; i + 1 < layers.size(); ++i)
        fold_constants(layers[i], filters[layers[i].place], layers[i + 1], folded);

    SmallerModel smaller{.spec = spec, .parameters = {}};
    smaller.spec.width = 1;  // it is in the layers
    smaller.spec.layers.clear();
    for (const auto& info : model.layers) smaller.spec.layers.push_back(info.layer);
    Filters inputs{0};  // all of the first layer's, as if they were one
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto& layer = layers[i];
        const auto kept = kept_filters(layer, filters[layer.place]);
        const auto count = i == 0 ? layer.filter_size : weights_for_each_input(layer, layers[i - 1]);
        append_kept(layer, kept, inputs, count, folded, smaller.parameters);
        set_filters(smaller.spec.layers[layer.place], kept.size());
        inputs = kept;
    }
    return smaller;
}

}  // namespace fedgram::learning
