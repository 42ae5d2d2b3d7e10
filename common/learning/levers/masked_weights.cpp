#include "common/learning/levers/masked_weights.hpp"

#include <algorithm>

namespace fedgram::learning {

void MaskedWeights::apply(std::span<const float> parameters, std::span<float> weights) const
{
    std::ranges::copy(parameters, weights.begin());
    mask_.apply(weights);
}

void MaskedWeights::pull_back(std::span<const float>, std::span<float> gradient) const { mask_.apply(gradient); }

}  // namespace fedgram::learning
