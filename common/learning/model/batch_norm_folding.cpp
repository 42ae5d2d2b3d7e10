#include "common/learning/model/batch_norm_folding.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>
#include <variant>

#include "common/error/error.hpp"
#include "common/learning/model/normalization.hpp"

namespace fedgram::learning {

namespace {

/// A convolution and the batch normalization that becomes part of it, by their names.
struct Pair {
    std::string convolution;
    std::string normalization;
};

// The layers without batch normalizations, whose convolutions get a bias and go to `pairs`. `path` is how an error
// names the list.
std::vector<spec::Layer> folded_layers(const std::vector<LayerInfo>& layers, const std::string& path,
                                       std::vector<Pair>& pairs)
{
    std::vector<spec::Layer> folded;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto& info = layers[i];
        const auto where = path + "[" + std::to_string(i) + "]";
        if (std::holds_alternative<spec::BatchNorm>(info.layer)) {
            if (i == 0 || !std::holds_alternative<spec::Conv2d>(layers[i - 1].layer))
                throw SpecError{where +
                                ": batch_norm can't be folded: it isn't directly behind a conv2d; move it there"};
            std::get<spec::Conv2d>(folded.back()).bias = true;
            pairs.push_back({layers[i - 1].name, info.name});
        } else if (std::holds_alternative<spec::Residual>(info.layer)) {
            auto body = folded_layers(info.body, where + ".layers", pairs);
            auto shortcut = folded_layers(info.shortcut, where + ".shortcut", pairs);
            folded.emplace_back(spec::Residual{std::move(body), std::move(shortcut)});
        } else {
            folded.push_back(info.layer);
        }
    }
    return folded;
}

template <class Float>
std::span<Float> values_of(const ParameterTable& table, std::span<Float> parameters, const std::string& name)
{
    const auto slot = std::ranges::find(table.slots, name, &ParameterSlot::name);
    assert(slot != table.slots.end());
    return parameters.subspan(slot->offset, slot->size);
}

// What has kept its name keeps its values.
std::vector<float> kept_values(const ParameterTable& from, std::span<const float> parameters, const ParameterTable& to)
{
    std::vector<float> kept(to.size);
    for (const auto& slot : from.slots) {
        const auto place = std::ranges::find(to.slots, slot.name, &ParameterSlot::name);
        if (place != to.slots.end())
            std::ranges::copy(parameters.subspan(slot.offset, slot.size),
                              kept.begin() + static_cast<std::ptrdiff_t>(place->offset));
    }
    return kept;
}

void fold(const Pair& pair, const Model& model, std::span<const float> parameters, FoldedModel& folded)
{
    const auto of_normalization = [&](const char* which) {
        return values_of(model.parameters, parameters, pair.normalization + "." + which);
    };
    const auto of_convolution = [&](const char* which) {
        return values_of(folded.model.parameters, std::span{folded.parameters}, pair.convolution + "." + which);
    };
    const auto gamma = of_normalization("weight");
    const auto beta = of_normalization("bias");
    const auto mean = of_normalization("running_mean");
    const auto variance = of_normalization("running_var");
    const auto weights = of_convolution("weight");
    const auto biases = of_convolution("bias");
    const auto inputs = weights.size() / biases.size();
    for (std::size_t channel = 0; channel < biases.size(); ++channel) {
        const double factor = double{gamma[channel]} / std::sqrt(double{variance[channel]} + normalization_epsilon);
        for (float& weight : weights.subspan(channel * inputs, inputs))
            weight = weight == 0 ? 0 : static_cast<float>(double{weight} * factor);
        biases[channel] =
            static_cast<float>((double{biases[channel]} - double{mean[channel]}) * factor + double{beta[channel]});
    }
}

}  // namespace

FoldedModel folded(const spec::ModelSpec& spec, const Model& model, std::span<const float> parameters)
{
    std::vector<Pair> pairs;
    auto layers = folded_layers(model.layers, "model.layers", pairs);
    FoldedModel folded{spec, model, {parameters.begin(), parameters.end()}};
    if (pairs.empty()) return folded;
    folded.spec.layers = std::move(layers);
    folded.model = build_model(folded.spec, model.shape);
    folded.parameters = kept_values(model.parameters, parameters, folded.model.parameters);
    for (const auto& pair : pairs) fold(pair, model, parameters, folded);
    return folded;
}

}  // namespace fedgram::learning
