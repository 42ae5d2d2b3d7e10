#pragma once

#include <span>

#include "common/learning/native/activations.hpp"
#include "common/learning/native/gradient_phases.hpp"
#include "common/learning/native/kernels.hpp"
#include "common/learning/native/padded_gradient.hpp"
#include "common/learning/native/stage.hpp"

namespace fedgram::learning::native {

/// A convolution in which each channel has a kernel of its own and sees nothing of the others.
class DepthwiseStage final : public StageByParts {
public:
    struct Geometry {
        std::size_t kernel = 1;
        std::size_t stride = 1;
        std::size_t padding = 0;
        bool bias = true;
    };

    /// The weights, [channel][kernel][kernel], and the biases behind them, if any, start at `offset` of the flat array.
    /// Borrows the activations; those before it have a border of the padding.
    DepthwiseStage(const Kernels& kernels, const Geometry& geometry, std::size_t offset, ImageActivations& in,
                   ImageActivations& out, bool input_gradient);

    void take(std::span<const float> parameters) override;
    void forward_part(Part part) override;
    void begin_backward() override;
    void backward_part(Part part) override;
    void finish_backward(std::span<float> gradient) override;
    [[nodiscard]] bool takes_from_place() const override { return true; }
    [[nodiscard]] bool gives_gradients_to_place() const override { return true; }
    [[nodiscard]] GradientsTaken gradients_taken() override { return {&out_, padded_gradient_.border()}; }

private:
    void backward_input(std::size_t sample);

    const Kernels& kernels_;
    Geometry geometry_;
    std::size_t offset_;
    ImageActivations& in_;
    ImageActivations& out_;
    bool input_gradient_;
    GradientPhases rows_;
    GradientPhases columns_;
    PaddedGradient padded_gradient_;

    AlignedFloats weights_;           // [kernel][kernel][padded channels]
    AlignedFloats weights_by_phase_;  // [row phase][column phase][row place][column place][padded channels]
    AlignedFloats biases_;
    AlignedFloats weight_gradients_;  // as weights_
    AlignedFloats bias_gradients_;
};

}  // namespace fedgram::learning::native
