#pragma once

#include <cstddef>
#include <cstdint>

#include "common/learning/native/instruction_set.hpp"
#include "common/learning/native/winograd_tiles.hpp"

namespace fedgram::learning::native {

/// Buffers that kernels read in whole registers are padded to a multiple of this many floats, whatever the CPU.
inline constexpr std::size_t lane_block = 16;

[[nodiscard, gnu::always_inline]] constexpr std::size_t padded(std::size_t count)
{
    return (count + lane_block - 1) / lane_block * lane_block;
}

enum class Activation { none, relu, relu6 };

/// c[r][j] = start + sum over k of a(r, k) b[k][j], then the activation; k runs in order, each term fused or rounded by
/// itself, so that a result depends on neither the tiling nor its neighbours.
///
/// `a(r, k)` is a[r * a_row_stride + s * segment_stride + i] for k = s * segment_length + i: segments are what a window
/// over an image is made of. In a transposed product it is a[s * segment_stride + i * a_row_stride + r], and b leaves
/// out `b_segment_gap` floats behind each segment.
struct Product {
    std::size_t rows = 0;
    std::size_t columns = 0;
    const float* a = nullptr;
    std::size_t a_row_stride = 0;
    std::size_t segments = 1;
    std::size_t segment_stride = 0;
    std::size_t segment_length = 0;
    const float* b = nullptr;  ///< readable to the padded number of columns
    std::size_t b_stride = 0;
    std::size_t b_segment_gap = 0;
    float* c = nullptr;
    std::size_t c_stride = 0;
    const float* start_of_row = nullptr;       ///< one value for each row, or
    const float* start_of_column = nullptr;    ///< one for each padded column, or neither: zero
    bool accumulate = false;                   ///< start from what c holds, readable to the padded number of columns
    Activation activation = Activation::none;  ///< not relu6
};

/// A depthwise convolution, or the gradient of its input, over [row][pixel][channel]: out(r, p, c) = start[c] + the sum
/// over i and j of in(r, p, i, j, c) weights[i][j][c], in the order of i and j.
struct Depthwise {
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::size_t channels = 0;
    std::size_t kernel_rows = 0;
    std::size_t kernel_columns = 0;
    const float* in = nullptr;  ///< readable a lane_block behind
    std::size_t in_row_stride = 0;
    std::size_t row_step = 0;        ///< floats of `in` between the windows of two rows
    std::size_t column_step = 0;     ///< and of two pixels
    const float* weights = nullptr;  ///< [kernel row][kernel column][padded channels]
    const float* start = nullptr;    ///< one for each padded channel, or zero
    float* out = nullptr;
    std::size_t out_row_stride = 0;
    std::size_t out_column_stride = 0;
};

/// The gradient of a depthwise convolution's weights: sums[i][j][c] += the sum over r and p of in(r, p, i, j, c)
/// gradients(r, p, c), and starts[c] += that of gradients(r, p, c).
struct DepthwiseGradient {
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::size_t channels = 0;
    std::size_t kernel = 0;
    const float* in = nullptr;
    std::size_t in_row_stride = 0;
    std::size_t row_step = 0;
    std::size_t column_step = 0;
    const float* gradients = nullptr;  ///< readable a lane_block behind
    std::size_t gradient_row_stride = 0;
    float* sums = nullptr;    ///< [kernel row][kernel column][padded channels]
    float* starts = nullptr;  ///< [padded channels]
};

/// One row of gradients behind an activation, and what the activation gave: where it was at one of its bounds there is
/// no gradient. `outputs` counts for nothing without an activation.
struct RowGradient {
    const float* gradients = nullptr;
    const float* outputs = nullptr;
    Activation activation = Activation::none;
};

/// Some rows of an image before a normalization, and the gradients behind its activation. What the activation gave is
/// computed once more of the input, which costs less than to fetch it.
struct NormalizedRows {
    std::size_t rows = 0;
    std::size_t count = 0;  ///< values of a row
    const float* x = nullptr;
    std::size_t x_stride = 0;
    const float* gradients = nullptr;
    std::size_t gradient_stride = 0;
    const float* scale = nullptr;  ///< for each value of a row, as it went forward
    const float* offset = nullptr;
    Activation activation = Activation::none;
};

/// Coefficients of a normalization's gradient, one for each value of a row.
struct NormalizationSlopes {
    const float* mean = nullptr;
    const float* factor = nullptr;     ///< of the gradient
    const float* constant = nullptr;   ///< added
    const float* deviation = nullptr;  ///< of what the input is above its mean
};

/// Terms of a sum that is zero elsewhere: `values[i]` times what stands at `offsets[i]` of a table.
struct SparseTerms {
    const std::uint32_t* offsets = nullptr;
    const float* values = nullptr;
    std::size_t count = 0;
};

/// sum[r * sum_stride + j] += sum over i of values[i] table[offsets[i] + r * table_stride + j], for the rows and
/// registers that the function was asked for.
using AccumulateWindow = void (*)(const SparseTerms& terms, const float* table, std::size_t table_stride, float* sum,
                                  std::size_t sum_stride);

/// The gradient at one convolution's outputs after activation and pooling, `channels` values a pixel. Where an output
/// is not above zero under a ReLU, it has no gradient.
struct OutputGradient {
    std::size_t channels = 0;
    const float* gradients = nullptr;
    const float* outputs = nullptr;         ///< null: no activation to look through
    const std::uint8_t* winners = nullptr;  ///< which position of the pooling window won; null: no pooling
};

/// For each channel a list of the outputs with a gradient, as terms over the convolution's input.
struct ChannelTerms {
    std::uint32_t* offsets = nullptr;  ///< [channel][capacity]
    float* values = nullptr;           ///< [channel][capacity]
    std::size_t capacity = 0;
    std::uint32_t* counts = nullptr;  ///< [channel], counted up
    float* sums = nullptr;            ///< [padded channels], added to: the gradient of the bias
};

/// The kernels for one instruction set. Pointers may be unaligned unless it says otherwise.
struct Kernels {
    std::size_t lanes;                 ///< floats in a register
    std::size_t window_registers;      ///< at most so many sums at once in an AccumulateWindow
    std::size_t window_row_registers;  ///< of which so many in one row,
    std::size_t window_rows;           ///< and so many rows

    void (*product)(const Product&);
    void (*transposed_product)(const Product&);

    /// For windows of `rows` rows of `registers` registers, rows * registers <= window_registers.
    AccumulateWindow (*accumulate_window)(std::size_t rows, std::size_t registers);

    /// Adds the terms of one output pixel whose window starts at `offset`; position w of the pooling window lies
    /// `position_offsets[w]` behind.
    void (*channel_terms)(const OutputGradient& pixel, std::uint32_t offset, const std::uint32_t* position_offsets,
                          const ChannelTerms& terms);
    /// One list for each position of the pooling window, of `padded(channels)` places each, over a table with
    /// `channel_stride` floats for each channel. `counts` are set.
    void (*position_terms)(const OutputGradient& pixel, std::size_t positions, std::uint32_t channel_stride,
                           std::uint32_t* offsets, float* values, std::uint32_t* counts);

    /// Of `window` rows of `width * window` pixels with `padded(channels)` floats each: the largest in each window x
    /// window square, and which it was (the first of equals, counted row by row).
    void (*max_pool)(const float* rows, std::size_t row_stride, std::size_t window, std::size_t width,
                     std::size_t channels, Activation activation, float* out, std::uint8_t* winners);

    /// out[j][i] = in[i][j].
    void (*transpose)(const float* in, std::size_t rows, std::size_t columns, std::size_t in_stride, float* out,
                      std::size_t out_stride);

    /// Column by column: the largest of `rows` logits, the sum of exp(logit - largest), and, unless null, the
    /// probabilities times `scale`. `columns` is a multiple of lane_block.
    void (*softmax)(const float* logits, std::size_t rows, std::size_t columns, std::size_t stride, float scale,
                    float* largest, float* sums, float* probabilities);

    /// gradient[i] = 0 where output[i] is not above zero; `count` is a multiple of lane_block.
    void (*mask_by_relu)(const float* output, float* gradient, std::size_t count);
    /// sums[r] = the sum of row r; `columns` is a multiple of lane_block.
    void (*row_sums)(const float* matrix, std::size_t rows, std::size_t columns, std::size_t stride, float* sums);

    void (*depthwise)(const Depthwise&);
    void (*depthwise_gradient)(const DepthwiseGradient&);

    // Winograd's transforms: winograd_tiles.hpp. Transformed tiles lie [tile][place][padded channels].

    /// B^T d B of the patches.
    void (*winograd_input)(const float* image, const TileRow& patches, float* to);
    /// A y A^T of the tiles of a gradient.
    void (*winograd_gradient)(const float* image, const TileRow& tiles, float* to);
    /// A^T m A, plus `start` unless null, one for each padded channel.
    void (*winograd_output)(const float* from, const float* start, const TileRow& tiles, float* image);
    /// to[place][filter][column] = G g G^T for each of `filters` x `columns` filters, whose taps lie `tap_stride` apart
    /// in taps[filter][tap][column]. `columns` is a multiple of lane_block.
    void (*winograd_filter)(const float* taps, std::ptrdiff_t tap_stride, std::size_t filters, std::size_t columns,
                            float* to);
    /// taps[filter][tap][column] = G^T m G of from[place][filter][column].
    void (*winograd_filter_gradient)(const float* from, std::size_t filters, std::size_t columns, float* taps);

    // Value by value over a row of `count`, whatever its channels. Rows may be read a lane_block behind.

    /// out = a + b, then the activation; out may be a or b.
    void (*add)(const float* a, const float* b, Activation activation, std::size_t count, float* out);
    /// out = x factor where its bit is set, else 0. Bit i of `kept` is bit i % 16 of number i / 16.
    void (*keep)(const float* x, const std::uint16_t* kept, float factor, std::size_t count, float* out);
    /// out = the gradient before the activation, or added to what out holds.
    void (*before_activation)(const RowGradient& row, std::size_t count, float* out);
    void (*add_before_activation)(const RowGradient& row, std::size_t count, float* out);

    // Value by value over several rows: what all rows have in common is read once for a few of them, and sums have a
    // place for each value of a row. Rows may be read a lane_block behind, and sums written as far.

    /// With d = x - shift: sums += d, squares += d^2, row after row.
    void (*add_moments)(const NormalizedRows& rows, const float* shift, float* sums, float* squares);
    /// out = x scale + offset, then the activation.
    void (*scale)(const NormalizedRows& rows, float* out, std::size_t out_stride);
    /// With g the gradient before the activation: sums += g, products += g (x - mean), row after row.
    void (*add_gradient_moments)(const NormalizedRows& rows, const float* mean, float* sums, float* products);
    /// out = factor g + constant + deviation (x - mean).
    void (*normalization_gradient)(const NormalizedRows& rows, const NormalizationSlopes& slopes, float* out,
                                   std::size_t out_stride);
};

/// `set` must be usable.
[[nodiscard]] const Kernels& kernels(InstructionSet set);

}  // namespace fedgram::learning::native
