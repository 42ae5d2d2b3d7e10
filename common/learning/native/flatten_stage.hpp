#pragma once

#include "common/learning/native/activations.hpp"
#include "common/learning/native/kernels.hpp"
#include "common/learning/native/stage.hpp"

namespace fedgram::learning::native {

/// From images to features, which count as PyTorch's flatten counts them: channel by channel, row by row.
class FlattenStage final : public Stage {
public:
    /// Borrows the activations; `in` has no border. `feeds_linear`: the next stage is a LinearStage, which needs no
    /// more than `rows` for an evaluation.
    FlattenStage(const Kernels& kernels, ImageActivations& in, FeatureActivations& out, bool input_gradient,
                 bool feeds_linear);

    void reserve(std::size_t) override {}
    void take(std::span<const float>) override {}
    void forward(std::size_t samples) override;
    void evaluate(std::size_t samples) override;
    void backward(std::size_t samples, std::span<float> gradient) override;

private:
    const Kernels& kernels_;
    ImageActivations& in_;
    FeatureActivations& out_;
    bool input_gradient_;
    bool feeds_linear_;
};

}  // namespace fedgram::learning::native
