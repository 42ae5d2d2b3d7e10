#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "common/learning/int8/simd_codes.hpp"

namespace fedgram::learning::int8 {

/// Convolutions and linear layers, in tiles of a few outputs whose sums stay in registers.
template <class Simd>
struct SimdProducts {
    using Registers = SimdCodes<Simd>;
    using Integers = typename Registers::Integers;
    using Floats = typename Registers::Floats;
    using Weights = typename Simd::Weights;
    static constexpr std::size_t lanes = Registers::lanes;
    static constexpr std::size_t block_registers = Registers::block_registers;
    static constexpr WeightLayout layout = Registers::layout;

    // Where the quads of a tile's pixels are. They lie a stride apart. There are too few registers for each one's
    // address: every third has one, and the stride leads from it to the next two.
    template <std::size_t Pixels>
    struct PixelPointers {
        static constexpr std::size_t bases = (Pixels + 2) / 3;
        const std::uint8_t* base[bases];
        std::size_t stride;

        [[gnu::always_inline]] void start(const std::uint8_t* first, std::size_t pixel_stride)
        {
            stride = pixel_stride;
#pragma GCC unroll 8
            for (std::size_t i = 0; i < bases; ++i) base[i] = first + 3 * i * pixel_stride;
        }
        [[gnu::always_inline]] const std::uint8_t* operator[](std::size_t pixel) const
        {
            return base[pixel / 3] + (pixel % 3) * stride;
        }
        [[gnu::always_inline]] void advance(std::size_t bytes)
        {
#pragma GCC unroll 8
            for (std::size_t i = 0; i < bases; ++i) {
                base[i] += bytes;
                // Keeps the compiler from replacing these few pointers by one for each pixel, which it then spills.
                asm("" : "+r"(base[i]));
            }
        }
    };

    // Outputs of a tile, each of Window x Window sums: row by row of the window, and in a row output by output.
    template <std::size_t Outputs, std::size_t Blocks, std::size_t Window>
    struct Tile {
        static constexpr std::size_t across = Outputs * Window;
        static constexpr std::size_t pixels = across * Window;
        static constexpr std::size_t registers = Blocks * block_registers;
        // A sum waits for its last addition. Where there are few sums, the quads of a window go to several in turn.
        static constexpr std::size_t turns = pixels == 1 ? 4 : pixels <= 3 ? 2 : 1;
        static constexpr std::size_t step_bytes = Blocks * layout.bytes_of_quad();

        Integers sums[turns][pixels][registers];
        PixelPointers<across> codes[Window];

        [[gnu::always_inline]] void step(std::size_t turn, std::size_t offset, const std::byte* quads)
        {
            Weights weights[registers];
#pragma GCC unroll 16
            for (std::size_t r = 0; r < registers; ++r)
                weights[r] = Simd::weights(quads + r / block_registers * layout.bytes_of_quad(), r % block_registers);
#pragma GCC unroll 32
            for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
                std::int32_t four;
                __builtin_memcpy(&four, codes[pixel / across][pixel % across] + offset, sizeof four);
                const auto broadcast = Simd::broadcast(four);
#pragma GCC unroll 16
                for (std::size_t r = 0; r < registers; ++r)
                    sums[turn][pixel][r] = Simd::multiply_add(sums[turn][pixel][r], broadcast, weights[r]);
            }
        }

        [[gnu::always_inline]] void add_windows(const Product& product, const std::uint8_t* first,
                                                const std::byte* weights)
        {
            for (std::size_t segment = 0; segment < product.segments; ++segment) {
#pragma GCC unroll 2
                for (std::size_t row = 0; row < Window; ++row)
                    codes[row].start(first + segment * product.segment_stride + row * product.row_stride,
                                     product.pixel_stride);
                std::size_t left = product.segment_quads;
                for (; left >= 4; left -= 4) {
#pragma GCC unroll 4
                    for (std::size_t k = 0; k < 4; ++k) step(k % turns, k * quad, weights + k * step_bytes);
#pragma GCC unroll 2
                    for (std::size_t row = 0; row < Window; ++row) codes[row].advance(4 * quad);
                    weights += 4 * step_bytes;
                }
                for (; left > 0; --left) {
                    step(0, 0, weights);
#pragma GCC unroll 2
                    for (std::size_t row = 0; row < Window; ++row) codes[row].advance(quad);
                    weights += step_bytes;
                }
            }
        }

        // The largest sum of an output's window. Requantization keeps the order, so it is done once, behind the
        // pooling.
        [[nodiscard, gnu::always_inline]] Integers pooled(std::size_t output, std::size_t r) const
        {
            Integers largest = sums[0][output * Window][r];
#pragma GCC unroll 4
            for (std::size_t i = 1; i < Window * Window; ++i) {
                const Integers sum = sums[0][i / Window * across + output * Window + i % Window][r];
                largest = sum > largest ? sum : largest;
            }
            return largest;
        }

        static void run(const Product& product, const std::uint8_t* first, const std::byte* weights,
                        std::size_t channel, std::uint8_t* out)
        {
            Tile tile;
#pragma GCC unroll 16
            for (std::size_t r = 0; r < registers; ++r) {
                const auto start = Registers::template load<Integers>(product.starts + channel + r * lanes);
#pragma GCC unroll 32
                for (std::size_t pixel = 0; pixel < pixels; ++pixel) tile.sums[0][pixel][r] = start;
            }
#pragma GCC unroll 4
            for (std::size_t turn = 1; turn < turns; ++turn)
                for (std::size_t pixel = 0; pixel < pixels; ++pixel)
                    for (std::size_t r = 0; r < registers; ++r) tile.sums[turn][pixel][r] = Integers{};

            tile.add_windows(product, first, weights);

#pragma GCC unroll 4
            for (std::size_t turn = 1; turn < turns; ++turn)
                for (std::size_t pixel = 0; pixel < pixels; ++pixel)
                    for (std::size_t r = 0; r < registers; ++r) tile.sums[0][pixel][r] += tile.sums[turn][pixel][r];

            const auto& to = product.requantization;
            const auto bounds = Registers::bounds_of(to.range, to.zero_point);
#pragma GCC unroll 4
            for (std::size_t block = 0; block < Blocks; ++block) {
                const std::size_t at = channel + block * block_channels;
                const std::size_t present = product.channels - at;
                Floats multipliers[block_registers];
#pragma GCC unroll 4
                for (std::size_t r = 0; r < block_registers; ++r)
                    multipliers[r] = Registers::template load<Floats>(to.multipliers + at + r * lanes);
#pragma GCC unroll 32
                for (std::size_t output = 0; output < Outputs; ++output) {
                    Integers codes_out[block_registers];
#pragma GCC unroll 4
                    for (std::size_t r = 0; r < block_registers; ++r) {
                        const Integers sum = tile.pooled(output, block * block_registers + r);
                        codes_out[r] = Registers::code(__builtin_convertvector(sum, Floats) * multipliers[r], bounds,
                                                       to.zero_point);
                    }
                    Registers::store(out + output * product.out_pixel_stride + block * block_channels, codes_out,
                                     present);
                }
            }
        }
    };

    using Run = void (*)(const Product&, const std::uint8_t*, const std::byte*, std::size_t, std::uint8_t*);

    template <std::size_t Blocks, std::size_t Window, std::size_t... Output>
    static Run tile_of(std::size_t outputs, std::index_sequence<Output...>)
    {
        static constexpr Run runs[] = {&Tile<Output + 1, Blocks, Window>::run...};
        return runs[outputs - 1];
    }

    // A group's outputs, row by row in tiles of almost equal width.
    template <std::size_t Blocks, std::size_t Window>
    static void group(const Product& product, const std::byte* weights, std::size_t channel)
    {
        constexpr std::size_t widest =
            (Window == 1 ? Simd::pixel_tile : Simd::pooled_tile) * (Simd::group_blocks / Blocks);
        const std::size_t tiles = (product.pixels + widest - 1) / widest;
        for (std::size_t row = 0; row < product.rows; ++row) {
            const std::uint8_t* const codes = product.codes + row * Window * product.row_stride;
            std::uint8_t* const out = product.out + row * product.out_row_stride + channel;
            for (std::size_t index = 0, pixel = 0; index < tiles; ++index) {
                const std::size_t end = product.pixels * (index + 1) / tiles;
                const Run run = tile_of<Blocks, Window>(end - pixel, std::make_index_sequence<widest>{});
                run(product, codes + pixel * Window * product.pixel_stride, weights, channel,
                    out + pixel * product.out_pixel_stride);
                pixel = end;
            }
        }
    }

    template <std::size_t Window>
    static void product(const Product& product)
    {
        const std::size_t block_bytes = product.segments * product.segment_quads * layout.bytes_of_quad();
        const std::size_t blocks = whole_blocks(product.channels);
        const std::byte* weights = product.weights;
        for (std::size_t block = 0; block < blocks;) {
            const bool whole = block + Simd::group_blocks <= blocks;
            if (whole)
                group<Simd::group_blocks, Window>(product, weights, block * block_channels);
            else
                group<1, Window>(product, weights, block * block_channels);
            const std::size_t taken = whole ? Simd::group_blocks : 1;
            weights += taken * block_bytes;
            block += taken;
        }
    }
};

}  // namespace fedgram::learning::int8
