#include "common/learning/factorization/factorize.hpp"

#include <algorithm>
#include <iterator>

#include "common/error/error.hpp"

namespace fedgram::learning {

namespace {

bool can_be_chosen(const spec::Layer& layer)
{
    const auto* convolution = std::get_if<spec::Conv2d>(&layer);
    return std::holds_alternative<spec::Linear>(layer) || (convolution != nullptr && convolution->groups == 1);
}

void check_choices(const Model& model, std::span<const FactorChoice> choices)
{
    const auto layers = all_layers(model);
    std::string known;
    for (const auto* info : layers)
        if (can_be_chosen(info->layer)) known += (known.empty() ? "" : ", ") + info->name;
    for (const auto& choice : choices) {
        const auto is_chosen = [&](const auto& other) { return other.layer == choice.layer; };
        if (std::ranges::none_of(layers, [&](const LayerInfo* info) { return info->name == choice.layer; }))
            throw SpecError{"factorization of " + choice.layer + ": the model has no such layer; use one of " + known};
        if (std::ranges::count_if(choices, is_chosen) > 1)
            throw SpecError{"factorization of " + choice.layer + ": it is chosen twice; choose it once"};
    }
}

/// Puts a model's layers together anew, the chosen ones as their factors.
class Rebuilder {
public:
    Rebuilder(std::span<const float> parameters, std::span<const FactorChoice> choices)
        : parameters_{parameters}, choices_{choices}
    {
    }

    /// Layers in a row, into which `input` goes; those within a residual are rows of their own.
    std::vector<spec::Layer> rebuilt(const std::vector<LayerInfo>& row, std::vector<std::int64_t> input)
    {
        std::vector<spec::Layer> layers;
        for (const auto& info : row) {
            const auto choice = std::ranges::find(choices_, info.name, &FactorChoice::layer);
            if (choice != choices_.end()) {
                auto factors = take_apart(info, input, choice->size);
                std::ranges::move(factors, std::back_inserter(layers));
            } else {
                auto layer = info.layer;
                if (auto* residual = std::get_if<spec::Residual>(&layer)) {
                    residual->layers = rebuilt(info.body, input);
                    residual->shortcut = rebuilt(info.shortcut, input);
                }
                layers.push_back(std::move(layer));
                ++places_;
            }
            input = info.output_shape;
        }
        return layers;
    }

    /// What the rebuilt layers, `spec`, and their parameters come to.
    FactoredModel finish(spec::ModelSpec spec, Shape shape)
    {
        result_.spec = std::move(spec);
        copy_until(parameters_.size());
        const auto model = build_model(result_.spec, shape);
        const auto layers = all_layers(model);
        for (std::size_t i = 0; i < result_.layers.size(); ++i)
            for (std::size_t factor = 0; factor < result_.layers[i].factors.size(); ++factor)
                result_.layers[i].factors[factor] = layers[first_factors_[i] + factor]->name;
        return std::move(result_);
    }

private:
    std::vector<spec::Layer> take_apart(const LayerInfo& info, const std::vector<std::int64_t>& input,
                                        const FactorSize& size)
    {
        auto factors = factors_of(info, parameters_.subspan(info.offset, info.parameters), input, size);
        copy_until(info.offset);
        copied_ += info.parameters;
        std::ranges::copy(factors.parameters, std::back_inserter(result_.parameters));
        result_.layers.push_back({.layer = info.name,
                                  .factors = std::vector<std::string>(factors.layers.size()),
                                  .ranks = std::move(factors.ranks),
                                  .before = factors.before,
                                  .after = factors.after,
                                  .kept_energy = factors.kept_energy});
        first_factors_.push_back(places_);
        places_ += factors.layers.size();
        return std::move(factors.layers);
    }

    void copy_until(std::size_t end)
    {
        std::ranges::copy(parameters_.subspan(copied_, end - copied_), std::back_inserter(result_.parameters));
        copied_ = end;
    }

    std::span<const float> parameters_;
    std::span<const FactorChoice> choices_;
    FactoredModel result_;
    std::size_t copied_ = 0;                  // so many of `parameters_` are in the result, as they were or as factors
    std::size_t places_ = 0;                  // so many of `all_layers` of the rebuilt model
    std::vector<std::size_t> first_factors_;  // of each that was taken apart, among them
};

}  // namespace

FactoredModel factorize(const spec::ModelSpec& spec, Shape shape, std::span<const float> parameters,
                        std::span<const FactorChoice> choices)
{
    if (!spec.torchscript.empty())
        throw SpecError{"factorization: a TorchScript model can't be taken apart; use a model of layers"};
    const auto model = build_model(spec, shape);
    if (parameters.size() != model.parameters.size)
        throw SpecError{"factorization: " + std::to_string(parameters.size()) +
                        " parameters aren't those of the model; it has " + std::to_string(model.parameters.size)};
    check_choices(model, choices);

    Rebuilder rebuilder{parameters, choices};
    auto layers = rebuilder.rebuilt(model.layers, {shape.channels, shape.height, shape.width});
    return rebuilder.finish(
        {.name = spec.name, .layers = std::move(layers), .torchscript = {}, .parametrization = spec.parametrization},
        shape);
}

}  // namespace fedgram::learning
