#pragma once

#include <span>

#include "common/learning/native/activations.hpp"
#include "common/learning/native/kernels.hpp"
#include "common/learning/native/stage.hpp"

namespace fedgram::learning::native {

/// A convolution of 3 x 3 without a stride or groups, at whose outputs most gradients aren't zero, by Winograd's
/// minimal filtering (winograd_tiles.hpp): 36 products for each 4 x 4 outputs and pair of channels, in place of 144.
/// Forward, the input's gradient (the same of the gradient, with the filters turned by 180 degrees) and the weights'
/// gradient, G^T [ sum over tiles of (B^T d B) . (A y A^T) ] G of patches d and gradients y.
class WinogradConvolutionStage final : public StageByParts {
public:
    struct Geometry {
        std::size_t padding = 0;
        bool bias = true;
    };

    /// The weights, [out][in][3][3], and the biases behind them, if any, start at `offset` of the flat array. Borrows
    /// the activations; those before it have a border of the padding.
    WinogradConvolutionStage(const Kernels& kernels, const Geometry& geometry, std::size_t offset, ImageActivations& in,
                             ImageActivations& out, bool input_gradient);

    void take(std::span<const float> parameters) override;
    void forward_part(Part part) override;
    void begin_backward() override;
    void backward_part(Part part) override;
    void finish_backward(std::span<float> gradient) override;
    [[nodiscard]] bool takes_from_place() const override { return true; }
    [[nodiscard]] bool gives_gradients_to_place() const override { return true; }
    [[nodiscard]] GradientsTaken gradients_taken() override;

private:
    /// Rows of tiles of some samples, numbered through.
    struct TileRows {
        std::size_t first = 0;
        std::size_t count = 0;
    };
    /// Calls `body(rows)` for as many at once as stay in the cache.
    template <class Body>
    void for_each_chunk(Part part, std::size_t tile_rows, std::size_t tiles, const Body& body) const;
    /// Calls `body(sample, row, tiles before)` for each of some rows of tiles.
    template <class Body>
    static void for_each_row(TileRows rows, std::size_t tile_rows, std::size_t tiles, const Body& body);
    void transform_input(TileRows rows);
    void transform_gradient(TileRows rows);
    void backward_weights(TileRows rows);
    void backward_input(TileRows rows);
    void turn_filters();

    const Kernels& kernels_;
    Geometry geometry_;
    std::size_t offset_;
    ImageActivations& in_;
    ImageActivations& out_;
    bool input_gradient_;
    std::size_t in_stride_;  // padded channels
    std::size_t out_stride_;
    std::size_t tile_rows_;        // of the outputs of a sample
    std::size_t tiles_;            // in a row
    std::size_t input_tile_rows_;  // of its inputs, for their gradient
    std::size_t input_tiles_;
    std::span<const float> parameters_;

    bool turned_ = false;             // turned_filters_ are of the parameters taken last
    AlignedFloats taps_;              // [filter][tap][padded channels], of either side
    AlignedFloats filters_;           // [place][in][padded out]
    AlignedFloats turned_filters_;    // [place][out][padded in]
    AlignedFloats filter_gradients_;  // as filters_
    AlignedFloats biases_;            // [padded out]
    AlignedFloats bias_gradients_;
    AlignedFloats inputs_;   // transformed patches: [tile][place][padded in]
    AlignedFloats outputs_;  // transformed tiles or patches: [tile][place][padded out]
};

}  // namespace fedgram::learning::native
