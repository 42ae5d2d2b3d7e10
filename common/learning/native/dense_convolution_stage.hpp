#pragma once

#include <span>
#include <vector>

#include "common/learning/native/activations.hpp"
#include "common/learning/native/bf16_kernels.hpp"
#include "common/learning/native/gradient_phases.hpp"
#include "common/learning/native/kernels.hpp"
#include "common/learning/native/padded_gradient.hpp"
#include "common/learning/native/stage.hpp"

namespace fedgram::learning::native {

/// A convolution at whose outputs most gradients aren't zero, since a normalization or a sum follows it, or one of
/// several groups. Forward is ConvolutionStage's matrix product. Backward is matrix products too: for the weights of
/// inputs and gradients over the pixels, for the input of gradients and weights, phase by phase.
///
/// One of 1 x 1 whose images lie without borders is a product over all of their pixels.
class DenseConvolutionStage final : public StageByParts {
public:
    struct Geometry {
        std::size_t kernel = 1;
        std::size_t stride = 1;
        std::size_t padding = 0;
        std::size_t groups = 1;
        bool bias = true;
    };

    /// The weights, [out][in / groups][kernel][kernel], and the biases behind them, if any, start at `offset` of the
    /// flat array. Borrows the activations; those before it have a border of the padding. With `bf16`, and an even
    /// number of channels in each group on both sides, a step's products are in bfloat16.
    DenseConvolutionStage(const Kernels& kernels, const Bf16Kernels* bf16, const Geometry& geometry, std::size_t offset,
                          ImageActivations& in, ImageActivations& out, bool input_gradient);

    void take(std::span<const float> parameters) override;
    void forward_part(Part part) override;
    void evaluate_part(Part part) override;
    void begin_backward() override;
    void backward_part(Part part) override;
    void finish_backward(std::span<float> gradient) override;
    [[nodiscard]] bool takes_from_place() const override { return true; }
    [[nodiscard]] bool gives_gradients_to_place() const override { return true; }
    [[nodiscard]] GradientsTaken gradients_taken() override { return {&out_, padded_gradient_.border()}; }

private:
    [[nodiscard]] Product forward_product(std::size_t group) const;
    template <class Multiply>
    void compute_part(Part part, const Multiply& multiply);
    void turn_weights();
    void backward_weights(Part part);
    void pair_pixels(Part part);
    void sum_biases(Part part);
    /// Of a sample whose padded gradient is there.
    template <class Multiply>
    void backward_input(std::size_t sample, const Multiply& multiply);
    template <class Multiply>
    void backward_flat_input(Part part, const Multiply& multiply);
    void backward_input(Part part);
    void backward_input_in_bf16(Part part);
    void write_gradient(std::span<float> gradient);

    const Kernels& kernels_;
    const Bf16Kernels* bf16_;
    Geometry geometry_;
    std::size_t offset_;
    ImageActivations& in_;
    ImageActivations& out_;
    bool input_gradient_;
    std::size_t group_in_;  // channels of a group
    std::size_t group_out_;
    std::size_t run_;          // floats in a row of a group's window
    std::size_t run_stride_;   // the same in whole lane_blocks
    std::size_t window_size_;  // of a group's weights by window
    bool flat_;                // all pixels of all samples are rows of one product
    GradientPhases rows_;
    GradientPhases columns_;
    PaddedGradient padded_gradient_;

    bool turned_ = false;               // weights_by_phase_ are of the parameters taken last
    AlignedFloats weights_by_window_;   // [group][kernel][run][padded out]: for forward
    AlignedFloats weights_by_channel_;  // [out][kernel][run stride]
    AlignedFloats weights_by_phase_;    // [group][row phase][column phase][row place][column place][out][padded in]
    AlignedFloats biases_;              // [group][padded out]
    AlignedFloats weight_gradients_;    // as weights_by_window_
    AlignedFloats gradient_row_;        // sums of the rows of gradients, for the biases

    // In bfloat16:
    bool has_pairs_ = false;      // window_pairs_ are of the parameters taken last
    AlignedFloats window_pairs_;  // of weights_by_window_
    AlignedFloats phase_pairs_;   // of weights_by_phase_
    AlignedFloats input_pairs_;
    AlignedFloats gradient_pairs_;
};

}  // namespace fedgram::learning::native
