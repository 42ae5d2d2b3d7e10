#pragma once

#include <cstddef>
#include <cstdint>

#include "common/learning/int8/instruction_set.hpp"

namespace fedgram::learning::int8 {

/// Weights lie in blocks of so many output channels, whatever the CPU.
inline constexpr std::size_t block_channels = 16;
/// Products are summed by fours: so many codes side by side meet as many weights.
inline constexpr std::size_t quad = 4;
/// Kernels may read so many bytes behind the codes that they are handed.
inline constexpr std::size_t slack = 64;

[[nodiscard, gnu::always_inline]] constexpr std::size_t whole_blocks(std::size_t channels)
{
    return (channels + block_channels - 1) / block_channels;
}

/// The codes that may go out: all, or, behind a ReLU, those of 0 and more, behind a ReLU6 those of 0 to 6.
struct CodeRange {
    std::int32_t lowest = 0;
    std::int32_t highest = 255;
};

/// How weights lie for a product: [group][segment][quad of a run][block of the group][16 channels][4 weights], or,
/// where they are widened, [group][segment][quad of a run][block of the group][2][16 channels][2 weights of 16 bits],
/// first those with even places in the quad. A group is `group_blocks` blocks; those that are left over are groups by
/// themselves.
struct WeightLayout {
    std::size_t group_blocks;
    bool widened;

    [[nodiscard, gnu::always_inline]] constexpr std::size_t bytes_of_quad() const
    {
        return block_channels * quad * (widened ? 2 : 1);
    }
};

/// How a sum becomes a code: clamp(nearbyint(float(sum) multiplier) + zero_point, lowest, highest).
struct Requantization {
    const float* multipliers = nullptr;  ///< one for each channel of whole blocks
    std::int32_t zero_point = 0;
    CodeRange range{};
};

/// Convolutions and linear layers: rows of output pixels. Pixel (y, x) is, for each channel, the start plus the sum of
/// weights times the codes of its window: `segments` runs of 4 `segment_quads` codes, `segment_stride` apart, of which
/// the first is at codes[y row_stride + x pixel_stride]. Where a run has fewer codes, its last weights are 0. In a
/// pooled product an output is the largest of 2 x 2 such pixels, (2y, 2x) to (2y + 1, 2x + 1).
struct Product {
    const std::uint8_t* codes = nullptr;
    std::size_t row_stride = 0;
    std::size_t pixel_stride = 0;
    std::size_t segments = 1;
    std::size_t segment_stride = 0;
    std::size_t segment_quads = 0;
    const std::byte* weights = nullptr;    ///< in the kernels' WeightLayout
    const std::int32_t* starts = nullptr;  ///< one for each channel of whole blocks
    Requantization requantization{};
    std::uint8_t* out = nullptr;
    std::size_t rows = 0;    ///< of outputs, after pooling
    std::size_t pixels = 0;  ///< in a row of them
    std::size_t channels = 0;
    std::size_t out_row_stride = 0;
    std::size_t out_pixel_stride = 0;
};

/// A depthwise convolution: each channel of output pixel (y, x) is its start plus the sum of its own weights times its
/// codes in `kernel` x `kernel` pixels, of which the first is at codes[y row_stride + x pixel_stride] and the others
/// `tap_row_stride` and `tap_stride` apart.
struct DepthwiseProduct {
    const std::uint8_t* codes = nullptr;
    std::size_t row_stride = 0;
    std::size_t pixel_stride = 0;
    std::size_t kernel = 1;
    std::size_t tap_row_stride = 0;
    std::size_t tap_stride = 0;
    /// [block][column of the kernel][four of its rows], each as the quad of a WeightLayout.
    const std::byte* weights = nullptr;
    const std::int32_t* starts = nullptr;  ///< one for each channel of whole blocks
    Requantization requantization{};
    std::uint8_t* out = nullptr;
    std::size_t rows = 0;
    std::size_t pixels = 0;
    std::size_t channels = 0;
    std::size_t out_row_stride = 0;
    std::size_t out_pixel_stride = 0;
};

/// What two codes add up to: clamp(nearbyint((scale (code - zero_point) of both, added) / out_scale) + out_zero_point,
/// lowest, highest). Each operation rounds to float32 by itself.
struct Addition {
    struct Term {
        float scale = 1;
        std::int32_t zero_point = 0;
    };
    Term first{};
    Term second{};
    Term out{};
    CodeRange range{};
};

/// The means of each channel's codes in `rows` x `pixels` pixels, rounded half to even; at most 65,535 of them.
struct Mean {
    const std::uint8_t* codes = nullptr;
    std::size_t rows = 1;
    std::size_t pixels = 1;
    std::size_t row_stride = 0;
    std::size_t channels = 0;  ///< and how far apart pixels are
};

/// The kernels for one instruction set. Pointers may be unaligned.
struct Kernels {
    WeightLayout layout;

    void (*product)(const Product&);
    void (*pooled_product)(const Product&);
    void (*depthwise_product)(const DepthwiseProduct&);
    void (*add)(const Addition&, const std::uint8_t* first, const std::uint8_t* second, std::size_t count,
                std::uint8_t* out);
    void (*mean)(const Mean&, std::uint8_t* out);

    /// codes[i] = clamp(nearbyint(values[i] / scale) + zero_point, 0, 255); NaN becomes 0.
    void (*quantize)(const float* values, std::size_t count, float scale, std::int32_t zero_point, std::uint8_t* codes);
};

/// `set` must be usable.
[[nodiscard]] const Kernels& kernels(InstructionSet set);

}  // namespace fedgram::learning::int8
