#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "common/learning/int8/simd_codes.hpp"

namespace fedgram::learning::int8 {

/// Depthwise convolutions, a block of channels at a time.
template <class Simd>
struct SimdDepthwise {
    using Registers = SimdCodes<Simd>;
    using Integers = typename Registers::Integers;
    using Floats = typename Registers::Floats;
    static constexpr std::size_t lanes = Registers::lanes;
    static constexpr std::size_t block_registers = Registers::block_registers;
    static constexpr WeightLayout layout = Registers::layout;

    // A block of channels of a few pixels in a row. Four rows of a column of the kernel are a quad.
    template <std::size_t Pixels>
    struct Tile {
        Integers sums[Pixels][block_registers];

        [[gnu::always_inline]] void begin(const DepthwiseProduct& product, std::size_t channel)
        {
#pragma GCC unroll 4
            for (std::size_t r = 0; r < block_registers; ++r)
#pragma GCC unroll 16
                for (std::size_t pixel = 0; pixel < Pixels; ++pixel)
                    sums[pixel][r] = Registers::template load<Integers>(product.starts + channel + r * lanes);
        }

        // A kernel of 3 x 3, whose columns are read once for all outputs that they are in.
        template <std::size_t Stride>
        [[gnu::always_inline]] void add_threes(const DepthwiseProduct& product, const std::uint8_t* first,
                                               const std::byte* weights)
        {
#pragma GCC unroll 64
            for (std::size_t column = 0; column < (Pixels - 1) * Stride + 3; ++column) {
                const std::uint8_t* const top = first + column * product.tap_stride;
                const std::uint8_t* const last = top + 2 * product.tap_row_stride;
#pragma GCC unroll 4
                for (std::size_t r = 0; r < block_registers; ++r) {
                    const auto codes = Simd::column(top, top + product.tap_row_stride, last, last, r);
#pragma GCC unroll 16
                    for (std::size_t pixel = 0; pixel < Pixels; ++pixel)
                        if (pixel * Stride <= column && column < pixel * Stride + 3)
                            sums[pixel][r] = Simd::multiply_add(
                                sums[pixel][r], codes,
                                Simd::weights(weights + (column - pixel * Stride) * layout.bytes_of_quad(), r));
                }
            }
        }

        // Rows that a column doesn't have are its last one again, whose weights are 0.
        [[gnu::always_inline]] void add_columns(const DepthwiseProduct& product, const std::uint8_t* first,
                                                const std::byte* weights)
        {
            for (std::size_t column = 0; column < product.kernel; ++column)
                for (std::size_t y = 0; y < product.kernel; y += quad) {
                    std::size_t rows[quad];
                    for (std::size_t k = 0; k < quad; ++k)
                        rows[k] = (y + k < product.kernel ? y + k : product.kernel - 1) * product.tap_row_stride;
#pragma GCC unroll 16
                    for (std::size_t pixel = 0; pixel < Pixels; ++pixel) {
                        const std::uint8_t* const top =
                            first + column * product.tap_stride + pixel * product.pixel_stride;
#pragma GCC unroll 4
                        for (std::size_t r = 0; r < block_registers; ++r)
                            sums[pixel][r] = Simd::multiply_add(
                                sums[pixel][r],
                                Simd::column(top + rows[0], top + rows[1], top + rows[2], top + rows[3], r),
                                Simd::weights(weights, r));
                    }
                    weights += layout.bytes_of_quad();
                }
        }

        [[gnu::always_inline]] void store_codes(const DepthwiseProduct& product, std::size_t channel,
                                                std::uint8_t* out) const
        {
            const auto& to = product.requantization;
            const auto bounds = Registers::bounds_of(to.range, to.zero_point);
#pragma GCC unroll 16
            for (std::size_t pixel = 0; pixel < Pixels; ++pixel) {
                Integers codes[block_registers];
#pragma GCC unroll 4
                for (std::size_t r = 0; r < block_registers; ++r)
                    codes[r] =
                        Registers::code(__builtin_convertvector(sums[pixel][r], Floats) *
                                            Registers::template load<Floats>(to.multipliers + channel + r * lanes),
                                        bounds, to.zero_point);
                Registers::store(out + pixel * product.out_pixel_stride, codes, product.channels - channel);
            }
        }

        // Of a kernel of 3 x 3 with this stride, or, where it is 0, of any.
        template <std::size_t Stride>
        static void run(const DepthwiseProduct& product, const std::uint8_t* first, const std::byte* weights,
                        std::size_t channel, std::uint8_t* out)
        {
            Tile tile;
            tile.begin(product, channel);
            if constexpr (Stride == 0)
                tile.add_columns(product, first, weights);
            else
                tile.template add_threes<Stride>(product, first, weights);
            tile.store_codes(product, channel, out);
        }
    };

    using Run = void (*)(const DepthwiseProduct&, const std::uint8_t*, const std::byte*, std::size_t, std::uint8_t*);

    template <std::size_t Stride, std::size_t... Output>
    static Run tile_of(std::size_t pixels, std::index_sequence<Output...>)
    {
        static constexpr Run runs[] = {&Tile<Output + 1>::template run<Stride>...};
        return runs[pixels - 1];
    }

    // Block by block, and row by row in tiles of almost equal width.
    template <std::size_t Stride>
    static void blocks(const DepthwiseProduct& product)
    {
        constexpr std::size_t widest = Simd::depthwise_tile;
        const std::size_t tiles = (product.pixels + widest - 1) / widest;
        const std::size_t quads = product.kernel * ((product.kernel + quad - 1) / quad);
        for (std::size_t channel = 0; channel < product.channels; channel += block_channels) {
            const std::byte* const weights =
                product.weights + channel / block_channels * quads * layout.bytes_of_quad();
            for (std::size_t row = 0; row < product.rows; ++row) {
                const std::uint8_t* const codes = product.codes + row * product.row_stride + channel;
                std::uint8_t* const out = product.out + row * product.out_row_stride + channel;
                for (std::size_t index = 0, pixel = 0; index < tiles; ++index) {
                    const std::size_t end = product.pixels * (index + 1) / tiles;
                    const Run run = tile_of<Stride>(end - pixel, std::make_index_sequence<widest>{});
                    run(product, codes + pixel * product.pixel_stride, weights, channel,
                        out + pixel * product.out_pixel_stride);
                    pixel = end;
                }
            }
        }
    }

    static void product(const DepthwiseProduct& product)
    {
        if (product.kernel == 3 && product.pixel_stride == product.tap_stride)
            blocks<1>(product);
        else if (product.kernel == 3 && product.pixel_stride == 2 * product.tap_stride)
            blocks<2>(product);
        else
            blocks<0>(product);
    }
};

}  // namespace fedgram::learning::int8
