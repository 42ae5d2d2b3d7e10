#pragma once

#include <span>

#include "common/learning/levers/weight_view.hpp"
#include "common/learning/model/parameters.hpp"
#include "common/learning/pruning/mask.hpp"

namespace fedgram::learning {

/// Weights as their int8 codes have them, with gradients straight through: what training by quantized weights sees.
/// Biases and buffers are as they are.
class QuantizedView final : public WeightView {
public:
    /// Borrows the table, and the mask, which may be null.
    QuantizedView(const ParameterTable& table, const Mask* mask, bool per_channel)
        : table_{table}, mask_{mask}, per_channel_{per_channel}
    {
    }

    void apply(std::span<const float> parameters, std::span<float> weights) const override;
    void pull_back(std::span<const float> parameters, std::span<float> gradient) const override;

private:
    const ParameterTable& table_;
    const Mask* mask_;
    bool per_channel_;
};

}  // namespace fedgram::learning
