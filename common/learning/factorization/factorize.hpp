#pragma once

#include <span>
#include <string>
#include <vector>

#include "common/learning/factorization/layer_factors.hpp"
#include "common/learning/model/model.hpp"

namespace fedgram::learning {

/// One layer to be taken apart, by its name in the model.
struct FactorChoice {
    std::string layer;  ///< "fc1", "residual1.conv2"
    FactorSize size;
};

/// What became of one layer.
struct FactoredLayer {
    std::string layer;                 ///< its name before
    std::vector<std::string> factors;  ///< their names in the rebuilt model, from input to output
    std::vector<std::uint32_t> ranks;
    FactorCost before;
    FactorCost after;
    double kept_energy = 1;
};

/// A model of more and smaller layers, and its parameters: the start of a fine-tuning.
struct FactoredModel {
    spec::ModelSpec spec;  ///< layers, numbered anew
    std::vector<float> parameters;
    std::vector<FactoredLayer> layers;  ///< in the order of computation
};

/// Takes the chosen layers apart, within residuals, too; all others keep their values. Throws SpecError for parameters
/// of another model, for TorchScript, for a layer that isn't there or is chosen twice, and as `factors_of` does.
[[nodiscard]] FactoredModel factorize(const spec::ModelSpec& spec, Shape shape, std::span<const float> parameters,
                                      std::span<const FactorChoice> choices);

}  // namespace fedgram::learning
