#include "common/learning/factorization/factorize.hpp"

#include <utility>

#include "common/learning/levers/lever.hpp"

namespace fedgram::learning {

namespace {

FactorSize size_of(const spec::LayerRank& layer)
{
    if (layer.form == spec::FactorForm::separable) return Separable{};
    if (layer.ranks.empty()) return KeptEnergy{layer.kept_energy};
    if (layer.ranks.size() == 1) return LinearRank{layer.ranks.front()};
    return ChannelRanks{layer.ranks.front(), layer.ranks.back()};
}

}  // namespace

LeverCost apply(const spec::Factorize& lever, Candidate& candidate, Workbench& bench)
{
    require_floats(candidate, "factorize");
    require_no_mask(candidate, "factorize");
    std::vector<FactorChoice> choices;
    for (const auto& layer : lever.layers) choices.push_back({layer.layer, size_of(layer)});
    auto factored = factorize(candidate.spec, candidate.model.shape, candidate.parameters, choices);
    candidate.spec = std::move(factored.spec);
    candidate.model = build_model(candidate.spec, candidate.model.shape);
    candidate.parameters = std::move(factored.parameters);
    return {.tuning = bench.tune(candidate.model, candidate.parameters, tuning_of(lever, bench.training_rate()))};
}

}  // namespace fedgram::learning
