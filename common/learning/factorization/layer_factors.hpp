#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "common/learning/factorization/factor_cost.hpp"
#include "common/learning/model/model.hpp"

namespace fedgram::learning {

/// The rank of a linear layer.
struct LinearRank {
    std::uint32_t rank = 0;
};

/// The lowest ranks that keep this fraction, above 0 and at most 1, of the sum of the singular values' squares: of a
/// linear layer's weights, or of both of a convolution's channel modes.
struct KeptEnergy {
    double fraction = 1;
};

/// A convolution becomes a depthwise one, and one of 1x1.
struct Separable {};

/// How far a layer is taken apart.
using FactorSize = std::variant<LinearRank, ChannelRanks, KeptEnergy, Separable>;

/// What stands in for one layer: from input to output, with nothing between them.
struct LayerFactors {
    std::vector<spec::Layer> layers;
    std::vector<float> parameters;     ///< weight, and bias where it has one, of each
    std::vector<std::uint32_t> ranks;  ///< one, or that of the inputs and that of the outputs; of a separable, none
    FactorCost before;
    FactorCost after;
    double kept_energy =
        1;  ///< of the singular values; of a convolution, that of the mode which keeps less, or of all slices
};

/// `parameters` are the layer's own, and `input` is the shape of what goes in. A linear layer becomes two; a
/// convolution becomes one of 1x1, one of its kernel, stride and padding, and one of 1x1, or a depthwise one of its
/// kernel, stride and padding and one of 1x1. Biases before the last factor are 0, or there are none: where the layer
/// has none, and in a depthwise one. Throws SpecError naming the layer: a kind that has no such factors, a rank out of
/// range, at or above its break-even, which it names, a fraction out of range, weights that aren't finite.
[[nodiscard]] LayerFactors factors_of(const LayerInfo& layer, std::span<const float> parameters,
                                      const std::vector<std::int64_t>& input, const FactorSize& size);

}  // namespace fedgram::learning
