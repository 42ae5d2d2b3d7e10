#pragma once

#include <cstddef>
#include <cstdint>

#include "common/learning/native/kernels.hpp"
#include "common/learning/native/simd_depthwise.hpp"
#include "common/learning/native/simd_normalization.hpp"
#include "common/learning/native/simd_products.hpp"
#include "common/learning/native/simd_registers.hpp"
#include "common/learning/native/simd_rows.hpp"
#include "common/learning/native/simd_sparse_terms.hpp"
#include "common/learning/native/simd_winograd.hpp"

namespace fedgram::learning::native {

/// Pooling, transposition, softmax and sums; and the table of all kernels for one instruction set.
template <class Simd>
struct SimdKernels : SimdRegisters<Simd> {
    using Base = SimdRegisters<Simd>;
    using Base::all;
    using Base::lanes;
    using Base::larger;
    using Base::load;
    using Base::relu;
    using Base::store;
    using typename Base::Register;

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
        .window_row_registers = SimdSparseTerms<Simd>::largest_window_registers,
        .window_rows = SimdSparseTerms<Simd>::largest_window_rows,
        .product = &SimdProducts<Simd>::template product<false>,
        .transposed_product = &SimdProducts<Simd>::template product<true>,
        .accumulate_window = &SimdSparseTerms<Simd>::accumulate_window,
        .channel_terms = &SimdSparseTerms<Simd>::channel_terms,
        .position_terms = &SimdSparseTerms<Simd>::position_terms,
        .max_pool = &max_pool,
        .transpose = &transpose,
        .softmax = &softmax,
        .mask_by_relu = &mask_by_relu,
        .row_sums = &row_sums,
        .depthwise = &SimdDepthwise<Simd>::convolution,
        .depthwise_gradient = &SimdDepthwise<Simd>::gradient,
        .winograd_input = &SimdWinograd<Simd>::template forward<typename SimdWinograd<Simd>::Input>,
        .winograd_gradient = &SimdWinograd<Simd>::template forward<typename SimdWinograd<Simd>::Gradient>,
        .winograd_output = &SimdWinograd<Simd>::output,
        .winograd_filter = &SimdWinograd<Simd>::filter,
        .winograd_filter_gradient = &SimdWinograd<Simd>::filter_gradient,
        .add = &SimdRows<Simd>::add,
        .keep = &SimdRows<Simd>::keep,
        .before_activation = &SimdRows<Simd>::before_activation,
        .add_before_activation = &SimdRows<Simd>::add_before_activation,
        .add_moments = &SimdNormalization<Simd>::add_moments,
        .scale = &SimdNormalization<Simd>::scale,
        .add_gradient_moments = &SimdNormalization<Simd>::add_gradient_moments,
        .normalization_gradient = &SimdNormalization<Simd>::gradient,
    };
};

}  // namespace fedgram::learning::native
