#include "common/learning/pruning/filter_choice.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <string>

#include "common/error/error.hpp"
#include "common/learning/pruning/filter_layer.hpp"
#include "common/learning/pruning/sparsity.hpp"

namespace fedgram::learning {

namespace {

std::vector<double> scores(const Model& model, std::span<const float> parameters, const FilterLayer& layer,
                           FilterNorm norm)
{
    std::vector<double> result;
    for (std::uint32_t filter = 0; filter < layer.filters; ++filter) {
        const auto begin = layer.weights + filter * layer.filter_size;
        double sum = 0;
        for (auto i = begin; i < begin + layer.filter_size; ++i) {
            const double weight = parameters[i];
            if (!std::isfinite(weight))
                throw DataError{name_of(model.parameters, i) + ": " + std::to_string(parameters[i]) +
                                " gives its filter no score; prune a model whose weights are finite"};
            sum += norm == FilterNorm::l1 ? std::abs(weight) : weight * weight;
        }
        result.push_back(norm == FilterNorm::l1 ? sum : std::sqrt(sum));
    }
    return result;
}

void check_count(const FilterLayer& layer, std::uint32_t count)
{
    if (!layer.next && count > 0)
        throw SpecError{layer.name + ": " + std::to_string(count) + " filters can't go, since " + layer.stays +
                        "; use 0"};
    if (count >= layer.filters)
        throw SpecError{layer.name + ": " + std::to_string(count) + " of " + std::to_string(layer.filters) +
                        " filters can't go, since one must stay; use 0 to " + std::to_string(layer.filters - 1)};
}

}  // namespace

std::vector<double> filter_scores(const Model& model, std::span<const float> parameters, std::size_t layer,
                                  FilterNorm norm)
{
    const auto layers = filter_layers(model);
    const auto found = std::ranges::find(layers, layer, &FilterLayer::place);
    assert(found != layers.end());
    return scores(model, parameters, *found, norm);
}

std::vector<std::uint32_t> filter_counts(const Model& model, double fraction)
{
    require_sparsity(fraction, "fraction");
    const auto layers = filter_layers(model);
    if (std::ranges::none_of(layers, [](const FilterLayer& layer) { return layer.next.has_value(); }))
        throw SpecError{
            "the model has no filters that can go: its layers' channels are the classes, or those that a "
            "residual needs or adds to others; prune weights instead"};
    std::vector<std::uint32_t> counts(all_layers(model).size());
    for (const auto& layer : layers)
        if (layer.next)
            counts[layer.place] =
                std::min(static_cast<std::uint32_t>(rounded_share(fraction, layer.filters)), layer.filters - 1);
    return counts;
}

FiltersByLayer weakest_filters(const Model& model, std::span<const float> parameters,
                               std::span<const std::uint32_t> counts, FilterNorm norm)
{
    assert(counts.size() == all_layers(model).size());
    FiltersByLayer chosen(counts.size());
    for (const auto& layer : filter_layers(model)) {
        const auto count = counts[layer.place];
        check_count(layer, count);
        const auto score = scores(model, parameters, layer, norm);
        auto& filters = chosen[layer.place];
        filters.resize(layer.filters);
        std::iota(filters.begin(), filters.end(), 0);
        std::ranges::sort(filters, [&](std::uint32_t a, std::uint32_t b) {
            return score[a] != score[b] ? score[a] < score[b] : a > b;
        });
        filters.resize(count);
        std::ranges::sort(filters);
    }
    return chosen;
}

}  // namespace fedgram::learning
