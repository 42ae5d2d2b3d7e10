#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "common/learning/native/kernels.hpp"

// The kernels, written once over a register type and compiled once for each instruction set. What is compiled for an
// instruction set that a CPU may lack must not be shared with other files by the linker. So everything here is a
// template over `Simd`, a type of the including file alone, and nothing of the standard library is called.

namespace fedgram::learning::native {

/// `Simd` has `lanes`; `Register`, `Integers` and `Bytes`, GCC vectors of so many; `broadcast`; `multiply_add(a, b, c)`
/// = a b + c; and how many sums a product (`row_tile` rows of `block_tile` lane_blocks) and a window
/// (`window_registers`) hold at once.
template <class Simd>
struct SimdKernels {
    using Register = typename Simd::Register;
    static constexpr std::size_t lanes = Simd::lanes;
    static constexpr std::size_t block_registers = lane_block / lanes;
    static constexpr std::size_t largest_window_rows = 5;
    static constexpr std::size_t largest_window_registers = 12;  // in one row

    static Register load(const float* from)
    {
        Register value;
        __builtin_memcpy(&value, from, sizeof value);
        return value;
    }
    static void store(float* to, Register value) { __builtin_memcpy(to, &value, sizeof value); }
    static Register all(float value) { return Simd::broadcast(value); }
    static Register larger(Register a, Register b) { return b > a ? b : a; }
    static Register relu(Register value) { return value < 0 ? Register{} : value; }  // NaN stays NaN

    // ---- products -------------------------------------------------------------------------------------------------

    // Where the values of a for one k of a tile are. Rows lie a stride apart. There are too few registers for each
    // row's address: every third row has one, and the stride leads from it to the next two.
    template <std::size_t Rows, bool Transposed>
    struct RowPointers {
        static constexpr std::size_t bases = Transposed ? 1 : (Rows + 2) / 3;
        const float* base[bases];
        std::size_t stride;

        RowPointers(const float* first, std::size_t row_stride) : stride{row_stride}
        {
#pragma GCC unroll 8
            for (std::size_t i = 0; i < bases; ++i) base[i] = first + 3 * i * row_stride;
        }
        [[gnu::always_inline]] const float* operator[](std::size_t row) const
        {
            return Transposed ? base[0] + row : base[row / 3] + (row % 3) * stride;
        }
        [[gnu::always_inline]] void advance(std::size_t floats)
        {
#pragma GCC unroll 8
            for (std::size_t i = 0; i < bases; ++i) {
                base[i] += floats;
                // Keeps the compiler from replacing these few pointers by one for each row, which it then spills.
                asm("" : "+r"(base[i]));
            }
        }
    };

    // The k of one step of a tile: `Rows` values of a, `Registers` registers of b.
    template <std::size_t Rows, std::size_t Registers, bool Transposed>
    [[gnu::always_inline]] static void step(Register (&sums)[Rows][Registers], const RowPointers<Rows, Transposed>& a,
                                            std::size_t a_offset, const float* b)
    {
        Register factors[Registers];
#pragma GCC unroll 8
        for (std::size_t r = 0; r < Registers; ++r) factors[r] = load(b + r * lanes);
#pragma GCC unroll 16
        for (std::size_t row = 0; row < Rows; ++row) {
            const Register value = all(a[row][a_offset]);
#pragma GCC unroll 8
            for (std::size_t r = 0; r < Registers; ++r)
                sums[row][r] = Simd::multiply_add(value, factors[r], sums[row][r]);
        }
    }

    template <std::size_t Rows, std::size_t Registers, bool Transposed>
    static void tile(const Product& product, std::size_t row, std::size_t column)
    {
        Register sums[Rows][Registers];
#pragma GCC unroll 16
        for (std::size_t i = 0; i < Rows; ++i)
#pragma GCC unroll 8
            for (std::size_t r = 0; r < Registers; ++r)
                sums[i][r] = product.start_of_row      ? all(product.start_of_row[row + i])
                             : product.start_of_column ? load(product.start_of_column + column + r * lanes)
                                                       : Register{};

        const std::size_t row_stride = product.a_row_stride;
        const std::size_t b_stride = product.b_stride;
        const float* b = product.b + column;
        for (std::size_t segment = 0; segment < product.segments; ++segment) {
            RowPointers<Rows, Transposed> a{
                Transposed ? product.a + row : product.a + row * row_stride + segment * product.segment_stride,
                row_stride};
            std::size_t left = product.segment_length;
            if constexpr (!Transposed)
                for (; left >= 4; left -= 4) {
#pragma GCC unroll 4
                    for (std::size_t k = 0; k < 4; ++k) step<Rows, Registers, false>(sums, a, k, b + k * b_stride);
                    a.advance(4);
                    b += 4 * b_stride;
                }
            for (; left > 0; --left) {
                step<Rows, Registers, Transposed>(sums, a, 0, b);
                a.advance(Transposed ? row_stride : 1);
                b += b_stride;
            }
        }

        const std::size_t present = product.columns - column;
#pragma GCC unroll 16
        for (std::size_t i = 0; i < Rows; ++i) {
            float* const c = product.c + (row + i) * product.c_stride + column;
#pragma GCC unroll 8
            for (std::size_t r = 0; r < Registers; ++r) {
                const Register sum = product.activation == Activation::relu ? relu(sums[i][r]) : sums[i][r];
                if (present >= (r + 1) * lanes)
                    store(c + r * lanes, sum);
                else
                    for (std::size_t lane = 0; r * lanes + lane < present; ++lane) c[r * lanes + lane] = sum[lane];
            }
        }
    }

    using Tile = void (*)(const Product&, std::size_t row, std::size_t column);

    template <std::size_t Registers, bool Transposed, std::size_t... Row>
    static Tile tile_of(std::size_t rows, std::index_sequence<Row...>)
    {
        static constexpr Tile tiles[] = {&tile<Row + 1, Registers, Transposed>...};
        return tiles[rows - 1];
    }

    // Columns in blocks as wide as a tile, rows in tiles of almost equal height.
    template <bool Transposed>
    static void product(const Product& product)
    {
        const std::size_t tiles = (product.rows + Simd::row_tile - 1) / Simd::row_tile;
        const std::size_t blocks = padded(product.columns) / lane_block;
        for (std::size_t block = 0; block < blocks;) {
            const bool wide = block + Simd::block_tile <= blocks;
            for (std::size_t index = 0, row = 0; index < tiles; ++index) {
                const std::size_t end = product.rows * (index + 1) / tiles;
                constexpr std::make_index_sequence<Simd::row_tile> heights;
                const Tile run = wide ? tile_of<Simd::block_tile * block_registers, Transposed>(end - row, heights)
                                      : tile_of<block_registers, Transposed>(end - row, heights);
                run(product, row, block * lane_block);
                row = end;
            }
            block += wide ? Simd::block_tile : 1;
        }
    }

    // ---- windows over sparse terms ----------------------------------------------------------------------------------

    template <std::size_t Rows, std::size_t Registers>
    static void accumulate(const SparseTerms& terms, const float* table, std::size_t table_stride, float* sum,
                           std::size_t sum_stride)
    {
        Register sums[Rows][Registers];
#pragma GCC unroll 8
        for (std::size_t row = 0; row < Rows; ++row)
#pragma GCC unroll 16
            for (std::size_t r = 0; r < Registers; ++r) sums[row][r] = load(sum + row * sum_stride + r * lanes);
        for (std::size_t i = 0; i < terms.count; ++i) {
            const float* const at = table + terms.offsets[i];
            const Register value = all(terms.values[i]);
#pragma GCC unroll 8
            for (std::size_t row = 0; row < Rows; ++row)
#pragma GCC unroll 16
                for (std::size_t r = 0; r < Registers; ++r)
                    sums[row][r] = Simd::multiply_add(value, load(at + row * table_stride + r * lanes), sums[row][r]);
        }
#pragma GCC unroll 8
        for (std::size_t row = 0; row < Rows; ++row)
#pragma GCC unroll 16
            for (std::size_t r = 0; r < Registers; ++r) store(sum + row * sum_stride + r * lanes, sums[row][r]);
    }

    template <std::size_t Rows, std::size_t Registers>
    static constexpr AccumulateWindow window_or_none()
    {
        if constexpr (Rows * Registers <= Simd::window_registers)
            return &accumulate<Rows, Registers>;
        else
            return nullptr;
    }

    template <std::size_t... Cell>
    static AccumulateWindow window_of(std::size_t cell, std::index_sequence<Cell...>)
    {
        static constexpr AccumulateWindow windows[] = {
            window_or_none<Cell / largest_window_registers + 1, Cell % largest_window_registers + 1>()...};
        return windows[cell];
    }

    static AccumulateWindow accumulate_window(std::size_t rows, std::size_t registers)
    {
        return window_of((rows - 1) * largest_window_registers + registers - 1,
                         std::make_index_sequence<largest_window_rows * largest_window_registers>{});
    }

    // ---- from an output's gradient to sparse terms ------------------------------------------------------------------

    // One block of channels of a pixel; what lies beyond the channels is zero.
    static void masked_block(const OutputGradient& pixel, std::size_t first, float (&values)[lane_block])
    {
        const std::size_t present = pixel.channels - first < lane_block ? pixel.channels - first : lane_block;
        if (present == lane_block) {
#pragma GCC unroll 4
            for (std::size_t r = 0; r < block_registers; ++r) {
                Register value = load(pixel.gradients + first + r * lanes);
                if (pixel.outputs) value = load(pixel.outputs + first + r * lanes) > 0 ? value : Register{};
                store(values + r * lanes, value);
            }
            return;
        }
        for (std::size_t lane = 0; lane < lane_block; ++lane)
            values[lane] = lane < present && !(pixel.outputs && !(pixel.outputs[first + lane] > 0))
                               ? pixel.gradients[first + lane]
                               : 0;
    }

    static void channel_terms(const OutputGradient& pixel, std::uint32_t offset, const std::uint32_t* position_offsets,
                              const ChannelTerms& terms)
    {
        for (std::size_t first = 0; first < pixel.channels; first += lane_block) {
            float values[lane_block];
            masked_block(pixel, first, values);
#pragma GCC unroll 4
            for (std::size_t r = 0; r < block_registers; ++r) {
                float* const sum = terms.sums + first + r * lanes;
                store(sum, load(sum) + load(values + r * lanes));
            }
            const std::size_t present = pixel.channels - first < lane_block ? pixel.channels - first : lane_block;
            for (std::size_t lane = 0; lane < present; ++lane) {
                const std::size_t channel = first + lane;
                const std::uint32_t place = terms.counts[channel];
                const std::size_t at = channel * terms.capacity + place;
                terms.offsets[at] = offset + position_offsets[pixel.winners ? pixel.winners[channel] : 0];
                terms.values[at] = values[lane];
                terms.counts[channel] = place + (values[lane] != 0);
            }
        }
    }

    static void position_terms(const OutputGradient& pixel, std::size_t positions, std::uint32_t channel_stride,
                               std::uint32_t* offsets, float* values_of_lists, std::uint32_t* counts)
    {
        const std::size_t capacity = padded(pixel.channels);
        for (std::size_t position = 0; position < positions; ++position) counts[position] = 0;
        for (std::size_t first = 0; first < pixel.channels; first += lane_block) {
            float values[lane_block];
            masked_block(pixel, first, values);
            const std::size_t present = pixel.channels - first < lane_block ? pixel.channels - first : lane_block;
            for (std::size_t lane = 0; lane < present; ++lane) {
                const std::size_t channel = first + lane;
                const std::size_t position = pixel.winners ? pixel.winners[channel] : 0;
                const std::size_t at = position * capacity + counts[position];
                offsets[at] = static_cast<std::uint32_t>(channel) * channel_stride;
                values_of_lists[at] = values[lane];
                counts[position] += values[lane] != 0;
            }
        }
    }

    // ---- the rest ---------------------------------------------------------------------------------------------------

    // `Window` is the window's side, known to the compiler, or 0: then `side` says it.
    template <std::size_t Window>
    static void max_pool_of(const float* rows, std::size_t row_stride, std::size_t side, std::size_t width,
                            std::size_t channels, Activation activation, float* out, std::uint8_t* winners)
    {
        using Bytes = typename Simd::Bytes;
        const std::size_t window = Window ? Window : side;
        const std::size_t pixel_stride = padded(channels);
        for (std::size_t x = 0; x < width; ++x) {
            const float* const corner = rows + x * window * pixel_stride;
            for (std::size_t first = 0; first < channels; first += lanes) {
                Register best = load(corner + first);
                Register winner{};
                float position = 0;
#pragma GCC unroll 2
                for (std::size_t i = 0; i < window; ++i)
#pragma GCC unroll 2
                    for (std::size_t j = 0; j < window; ++j, ++position) {
                        const Register value = load(corner + i * row_stride + j * pixel_stride + first);
                        winner = value > best ? all(position) : winner;
                        best = larger(best, value);
                    }
                if (activation == Activation::relu) best = relu(best);
                const Bytes bytes = __builtin_convertvector(winner, Bytes);
                if (first + lanes <= channels) {
                    store(out + x * channels + first, best);
                    __builtin_memcpy(winners + x * channels + first, &bytes, sizeof bytes);
                } else {
                    for (std::size_t lane = 0; first + lane < channels; ++lane) {
                        out[x * channels + first + lane] = best[lane];
                        winners[x * channels + first + lane] = bytes[lane];
                    }
                }
            }
        }
    }

    static void max_pool(const float* rows, std::size_t row_stride, std::size_t window, std::size_t width,
                         std::size_t channels, Activation activation, float* out, std::uint8_t* winners)
    {
        const auto pool = window == 2 ? &max_pool_of<2> : &max_pool_of<0>;
        pool(rows, row_stride, window, width, channels, activation, out, winners);
    }

    static void transpose(const float* in, std::size_t rows, std::size_t columns, std::size_t in_stride, float* out,
                          std::size_t out_stride)
    {
        using Quad [[gnu::vector_size(16)]] = float;
        const auto load_quad = [](const float* from) {
            Quad value;
            __builtin_memcpy(&value, from, sizeof value);
            return value;
        };
        const std::size_t whole_rows = rows / 4 * 4;
        const std::size_t whole_columns = columns / 4 * 4;
        for (std::size_t j = 0; j < whole_columns; j += 4)
            for (std::size_t i = 0; i < whole_rows; i += 4) {
                const float* const from = in + i * in_stride + j;
                float* const to = out + j * out_stride + i;
                const Quad a = load_quad(from), b = load_quad(from + in_stride), c = load_quad(from + 2 * in_stride),
                           d = load_quad(from + 3 * in_stride);
                const Quad ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
                const Quad ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
                const Quad cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
                const Quad cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
                const Quad columns_of_four[4] = {__builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5),
                                                 __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7),
                                                 __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5),
                                                 __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7)};
#pragma GCC unroll 4
                for (std::size_t k = 0; k < 4; ++k)
                    __builtin_memcpy(to + k * out_stride, &columns_of_four[k], sizeof(Quad));
            }
        for (std::size_t i = 0; i < rows; ++i)
            for (std::size_t j = i < whole_rows ? whole_columns : 0; j < columns; ++j)
                out[j * out_stride + i] = in[i * in_stride + j];
    }

    // e^x for x <= 0: 2^n e^r with |r| <= ln(2) / 2 and a polynomial for e^r (the coefficients of Moshier's Cephes,
    // expf.c; relative error below 2e-7). Below -87 it is e^-87, which is nothing beside the 1 of the largest logit.
    static Register exponential(Register x)
    {
        using Integers = typename Simd::Integers;
        x = larger(x, all(-87.0F));
        const Register shifter = all(12582912.0F);  // 1.5 x 2^23: adding it rounds to an integer
        const Register n = Simd::multiply_add(x, all(1.44269504F), shifter) - shifter;
        const Register r = Simd::multiply_add(n, all(2.12194440e-4F), Simd::multiply_add(n, all(-0.693359375F), x));
        Register p = all(1.9875691500e-4F);
        p = Simd::multiply_add(p, r, all(1.3981999507e-3F));
        p = Simd::multiply_add(p, r, all(8.3334519073e-3F));
        p = Simd::multiply_add(p, r, all(4.1665795894e-2F));
        p = Simd::multiply_add(p, r, all(1.6666665459e-1F));
        p = Simd::multiply_add(p, r, all(5.0000001201e-1F));
        p = Simd::multiply_add(p, r * r, r + 1.0F);
        const Integers exponent = (__builtin_convertvector(n, Integers) + 127) << 23;
        Register power;
        __builtin_memcpy(&power, &exponent, sizeof power);
        return p * power;
    }

    static void softmax(const float* logits, std::size_t rows, std::size_t columns, std::size_t stride, float scale,
                        float* largest, float* sums, float* probabilities)
    {
        for (std::size_t column = 0; column < columns; column += lanes) {
            Register top = load(logits + column);
            for (std::size_t row = 1; row < rows; ++row) top = larger(top, load(logits + row * stride + column));
            Register sum{};
            for (std::size_t row = 0; row < rows; ++row) {
                const Register power = exponential(load(logits + row * stride + column) - top);
                sum += power;
                if (probabilities) store(probabilities + row * stride + column, power);
            }
            store(largest + column, top);
            store(sums + column, sum);
            if (!probabilities) continue;
            const Register factor = all(scale) / sum;
            for (std::size_t row = 0; row < rows; ++row) {
                float* const at = probabilities + row * stride + column;
                store(at, load(at) * factor);
            }
        }
    }

    static void mask_by_relu(const float* output, float* gradient, std::size_t count)
    {
        for (std::size_t i = 0; i < count; i += lanes)
            store(gradient + i, load(output + i) > 0 ? load(gradient + i) : Register{});
    }

    static void row_sums(const float* matrix, std::size_t rows, std::size_t columns, std::size_t stride, float* sums)
    {
        for (std::size_t row = 0; row < rows; ++row) {
            float block[lane_block] = {};
            for (std::size_t column = 0; column < columns; column += lane_block)
#pragma GCC unroll 4
                for (std::size_t r = 0; r < lane_block; r += lanes)
                    store(block + r, load(block + r) + load(matrix + row * stride + column + r));
            for (std::size_t half = lane_block / 2; half > 0; half /= 2)
                for (std::size_t i = 0; i < half; ++i) block[i] += block[i + half];
            sums[row] = block[0];
        }
    }

    static constexpr Kernels table{
        .lanes = lanes,
        .window_registers = Simd::window_registers,
        .window_row_registers = largest_window_registers,
        .window_rows = largest_window_rows,
        .product = &product<false>,
        .transposed_product = &product<true>,
        .accumulate_window = &accumulate_window,
        .channel_terms = &channel_terms,
        .position_terms = &position_terms,
        .max_pool = &max_pool,
        .transpose = &transpose,
        .softmax = &softmax,
        .mask_by_relu = &mask_by_relu,
        .row_sums = &row_sums,
    };
};

}  // namespace fedgram::learning::native
