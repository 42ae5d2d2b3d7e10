#include <algorithm>
#include <cstdint>
#include <utility>

#include "common/error/error.hpp"
#include "common/learning/levers/lever.hpp"
#include "common/learning/levers/masked_weights.hpp"
#include "common/learning/model/beginning.hpp"
#include "common/text/joined.hpp"

namespace fedgram::learning {

namespace {

bool learns(const LayerInfo& layer) { return layer.parameters > 0 || !layer.body.empty(); }

// How many layers stay as they are, with what follows the named one without parameters of its own.
std::size_t frozen_layers(const Model& model, const std::string& last)
{
    const auto found = std::ranges::find(model.layers, last, &LayerInfo::name);
    if (found == model.layers.end() || !learns(*found)) {
        std::vector<std::string> names;
        for (const auto& layer : model.layers)
            if (learns(layer)) names.push_back(layer.name);
        throw SpecError{"fine-tune: frozen_to: \"" + last + "\" is no layer with parameters; use one of " +
                        text::joined(names)};
    }
    const auto next = std::find_if(found + 1, model.layers.end(), learns);
    if (next == model.layers.end())
        throw SpecError{"fine-tune: frozen_to: no layer is left to learn behind \"" + last + "\"; use an earlier one"};
    return static_cast<std::size_t>(next - model.layers.begin());
}

// The layers that learn, as a model of its own: what the frozen ones give is its input.
Model rest_of(const Candidate& candidate, std::size_t frozen)
{
    const auto& model = candidate.model;
    const auto& input = model.layers[frozen - 1].output_shape;
    const auto extent = [](std::int64_t value) { return static_cast<std::uint32_t>(value); };
    spec::ModelSpec spec{.name = candidate.spec.name};
    Shape shape{.channels = extent(input[0]), .height = 1, .width = 1, .classes = model.shape.classes};
    if (input.size() == 3)
        std::tie(shape.height, shape.width) = std::pair{extent(input[1]), extent(input[2])};
    else
        spec.layers.emplace_back(spec::Flatten{});
    for (std::size_t i = frozen; i < model.layers.size(); ++i) spec.layers.push_back(model.layers[i].layer);
    return build_model(spec, shape);
}

// Where each float of the rest lies in the whole model: behind the frozen layers' parameters, and their buffers.
std::vector<std::size_t> places_of(const Model& model, std::size_t frozen, const Model& rest)
{
    const auto& first = model.layers[frozen];
    std::vector<std::size_t> places(rest.parameters.size);
    const auto trained = rest.parameters.trained_size();
    for (std::size_t i = 0; i < places.size(); ++i)
        places[i] = i < trained ? first.offset + i : first.buffer_offset + (i - trained);
    return places;
}

Mask rest_of(const Mask& mask, const Model& rest, std::span<const std::size_t> places)
{
    Mask part{rest.parameters};
    for (std::size_t i = 0; i < places.size(); ++i)
        if (!mask.keeps(places[i])) part.drop(i);
    return part;
}

}  // namespace

LeverCost apply(const spec::FineTune& lever, Candidate& candidate, Workbench& bench)
{
    require_floats(candidate, "fine-tune");
    const auto tuning = bench.at_share_of_rate(lever.tuning, tuning_share);
    const auto view_of = [](const std::optional<Mask>& mask) {
        return mask ? std::optional<MaskedWeights>{*mask} : std::nullopt;
    };
    if (lever.frozen_to.empty()) {
        const auto view = view_of(candidate.mask);
        return {.tuning = bench.tune(candidate.model, candidate.parameters, tuning, {.view = view ? &*view : nullptr})};
    }
    const auto layers = frozen_layers(candidate.model, lever.frozen_to);
    const auto frozen = beginning(candidate.model, candidate.model.layers[layers - 1]);
    const auto rest = rest_of(candidate, layers);
    const auto samples = bench.setting().indices.size();
    const auto features = bench.outputs(frozen, candidate.parameters, samples);
    LeverCost cost;
    // Training on kept features gives the bits of training behind the frozen layers: what differs is how often these
    // compute.
    cost.passes = bench.passes(frozen, lever.feature_store ? samples : samples * lever.tuning.epochs);
    if (lever.feature_store)
        cost.kept_bytes = features.size() * sizeof(float);
    else
        cost.passes.steps = 0;  // they are part of the steps that train

    const auto places = places_of(candidate.model, layers, rest);
    std::vector<float> parameters(places.size());
    for (std::size_t i = 0; i < places.size(); ++i) parameters[i] = candidate.parameters[places[i]];
    const auto mask = candidate.mask ? std::optional{rest_of(*candidate.mask, rest, places)} : std::nullopt;
    const auto view = view_of(mask);
    cost.tuning = bench.tune(rest, parameters, tuning, {.view = view ? &*view : nullptr, .features = features});
    for (std::size_t i = 0; i < places.size(); ++i) candidate.parameters[places[i]] = parameters[i];
    return cost;
}

}  // namespace fedgram::learning
