#pragma once

#include "common/learning/levers/weight_view.hpp"
#include "common/learning/pruning/mask.hpp"

namespace fedgram::learning {

/// Masked weights are 0 and have no gradient, whatever momentum makes of the parameters behind them.
class MaskedWeights final : public WeightView {
public:
    /// Borrows the mask, which may change between two steps.
    explicit MaskedWeights(const Mask& mask) : mask_{mask} {}

    void apply(std::span<const float> parameters, std::span<float> weights) const override;
    void pull_back(std::span<const float> parameters, std::span<float> gradient) const override;

private:
    const Mask& mask_;
};

}  // namespace fedgram::learning
