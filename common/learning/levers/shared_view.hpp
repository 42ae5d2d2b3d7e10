#pragma once

#include <span>
#include <vector>

#include "common/learning/levers/weight_view.hpp"
#include "common/learning/model/parameters.hpp"
#include "common/learning/weight_sharing/shared_weights.hpp"

namespace fedgram::learning {

/// Weights that share values stay equal, since each has the sum of their gradients: so the shared value is what learns.
/// A weight of code 0 has none, and stays 0.
class SharedView final : public WeightView {
public:
    /// Borrows both: one of `shared` for each slot, without codes where the slot isn't shared.
    SharedView(const ParameterTable& table, std::span<const SharedWeights> shared) : table_{table}, shared_{shared} {}

    void apply(std::span<const float> parameters, std::span<float> weights) const override;
    void pull_back(std::span<const float> parameters, std::span<float> gradient) const override;

private:
    const ParameterTable& table_;
    std::span<const SharedWeights> shared_;
};

}  // namespace fedgram::learning
