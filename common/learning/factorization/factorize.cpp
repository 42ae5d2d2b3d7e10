#include "common/learning/factorization/factorize.hpp"

#include <algorithm>
#include <iterator>

#include "common/error/error.hpp"

namespace fedgram::learning {

namespace {

void check_choices(const Model& model, std::span<const FactorChoice> choices)
{
    std::string known;
    for (const auto& info : model.layers)
        if (info.parameters > 0) known += (known.empty() ? "" : ", ") + info.name;
    for (const auto& choice : choices) {
        const auto is_chosen = [&](const auto& other) { return other.layer == choice.layer; };
        if (std::ranges::none_of(model.layers, [&](const LayerInfo& info) { return info.name == choice.layer; }))
            throw SpecError{"factorization of " + choice.layer + ": the model has no such layer; use one of " + known};
        if (std::ranges::count_if(choices, is_chosen) > 1)
            throw SpecError{"factorization of " + choice.layer + ": it is chosen twice; choose it once"};
    }
}

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

    FactoredModel result;
    result.spec = {.name = spec.name, .layers = {}, .torchscript = {}, .parametrization = spec.parametrization};
    std::vector<std::size_t> first_factors;  // of each that was taken apart, among the rebuilt model's layers
    std::vector<std::int64_t> input{shape.channels, shape.height, shape.width};
    const auto trained = model.parameters.trained_size();
    for (std::size_t place = 0; place < model.layers.size(); ++place) {
        const auto& info = model.layers[place];
        const auto end = place + 1 < model.layers.size() ? model.layers[place + 1].offset : trained;
        const auto own = parameters.subspan(info.offset, end - info.offset);
        const auto choice = std::ranges::find(choices, info.name, &FactorChoice::layer);
        if (choice == choices.end()) {
            result.spec.layers.push_back(info.layer);
            std::ranges::copy(own, std::back_inserter(result.parameters));
        } else {
            auto factors = factors_of(info, own, input, choice->size);
            first_factors.push_back(result.spec.layers.size());
            result.layers.push_back({.layer = info.name,
                                     .factors = std::vector<std::string>(factors.layers.size()),
                                     .ranks = std::move(factors.ranks),
                                     .before = factors.before,
                                     .after = factors.after,
                                     .kept_energy = factors.kept_energy});
            std::ranges::copy(factors.layers, std::back_inserter(result.spec.layers));
            std::ranges::copy(factors.parameters, std::back_inserter(result.parameters));
        }
        input = info.output_shape;
    }
    // Buffers lie behind all that is trained, and no layer that is taken apart has any.
    std::ranges::copy(parameters.subspan(trained), std::back_inserter(result.parameters));

    const auto rebuilt = build_model(result.spec, shape);
    for (std::size_t i = 0; i < result.layers.size(); ++i)
        for (std::size_t factor = 0; factor < result.layers[i].factors.size(); ++factor)
            result.layers[i].factors[factor] = rebuilt.layers[first_factors[i] + factor].name;
    return result;
}

}  // namespace fedgram::learning
