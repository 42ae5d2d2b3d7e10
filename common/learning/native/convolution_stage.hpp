#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/native/activations.hpp"
#include "common/learning/native/bf16_kernels.hpp"
#include "common/learning/native/kernels.hpp"
#include "common/learning/native/stage.hpp"

namespace fedgram::learning::native {

/// A convolution, and the ReLU and the max-pooling (windows side by side) that follow it, if any.
///
/// Forward is a matrix product in which a row is an output pixel: the rows of its window are runs of the input, and lie
/// one stride behind those of the pixel before, so nothing is copied out. With pooling, the rows of one pooled row are
/// held in the cache, and only the largest values leave it.
///
/// Backward uses that most outputs have no gradient: pooling passes it to one in four, and the ReLU stops about half of
/// those. The rest is listed, by channel for the weights' gradient and by pixel for the input's. Each term adds a
/// window to a sum that stays in registers. That is the same sum without its zero terms. It is of float32 where forward
/// is of bfloat16, too.
class ConvolutionStage final : public Stage {
public:
    struct Geometry {
        std::size_t kernel = 1;
        std::size_t stride = 1;
        std::size_t channels = 1;  ///< of the output
        std::size_t height = 1;    ///< of the convolution's output, before pooling
        std::size_t width = 1;
        std::size_t pooling = 1;  ///< side of the pooling window; 1: none
        Activation activation = Activation::none;
    };

    /// The weights, [out][in][kernel][kernel], and the biases behind them start at `offset` of the flat array. Borrows
    /// the activations. With `bf16`, and an even number of channels before it, a training goes forward in bfloat16.
    ConvolutionStage(const Kernels& kernels, const Bf16Kernels* bf16, const Geometry& geometry, std::size_t offset,
                     ImageActivations& in, ImageActivations& out, bool input_gradient);

    void reserve(std::size_t samples) override;
    void take(std::span<const float> parameters) override;
    void forward(std::size_t samples) override;
    void evaluate(std::size_t samples) override;
    void backward(std::size_t samples, std::span<float> gradient) override;

private:
    /// A part of a window that fits into registers.
    struct Piece {
        AccumulateWindow accumulate;
        std::size_t row;
        std::size_t column;
    };

    [[nodiscard]] std::vector<Piece> pieces() const;
    void pair_weights();
    /// Of a row of outputs, but for where they go.
    [[nodiscard]] Product row_product(std::size_t sample) const;
    template <class Multiply>
    void compute_sample(std::size_t sample, const Multiply& multiply);
    [[nodiscard]] OutputGradient output_gradient(std::size_t sample, std::size_t row, std::size_t column) const;
    [[nodiscard]] std::uint32_t window_offset(std::size_t row, std::size_t column) const;
    void backward_weights(std::size_t sample);
    void backward_input(std::size_t sample);
    void write_gradient(std::span<float> gradient) const;

    const Kernels& kernels_;
    const Bf16Kernels* bf16_;
    Geometry geometry_;
    std::size_t offset_;
    ImageActivations& in_;
    ImageActivations& out_;
    bool input_gradient_;

    std::size_t run_;         // floats in a row of a window
    std::size_t run_stride_;  // the same in whole lane_blocks
    std::vector<Piece> pieces_;
    std::vector<std::uint32_t> position_offsets_;  // of the pooling window's positions, over the input

    AlignedFloats weights_by_window_;    // [kernel][run][padded out]: for forward
    AlignedFloats weights_by_channel_;   // [out][kernel][run stride]: for the input's gradient
    AlignedFloats biases_;               // [padded out]
    bool has_pairs_ = false;             // weight_pairs_ are of the parameters taken last
    AlignedFloats weight_pairs_;         // [kernel][run / 2][padded out], in bfloat16
    AlignedFloats input_pairs_;          // of a sample
    AlignedFloats rows_;                 // the convolution's rows of one pooled row
    std::vector<std::uint8_t> winners_;  // [sample][pooled pixel][out]

    AlignedFloats weight_gradients_;  // as weights_by_channel_
    AlignedFloats bias_gradients_;
    AlignedFloats sample_bias_gradients_;  // sums of sums lose less than one long sum
    std::vector<std::uint32_t> term_offsets_;
    std::vector<float> term_values_;
    std::vector<std::uint32_t> term_counts_;
};

}  // namespace fedgram::learning::native
