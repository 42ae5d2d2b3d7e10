#pragma once

#include <cstddef>

#include "common/learning/native/simd_registers.hpp"

namespace fedgram::learning::native {

/// Depthwise convolutions: a register's lanes are channels, whose sums never meet.
template <class Simd>
struct SimdDepthwise : SimdRegisters<Simd> {
    using Base = SimdRegisters<Simd>;
    using Base::lanes;
    using Base::load;
    using Base::store;
    using Base::store_present;
    using typename Base::Register;
    static constexpr std::size_t pixels_at_once = 6;
    static constexpr std::size_t neighbours_at_once = 7;  // images are 28, 14 or 7 pixels wide more often than others

    // `Side` is the kernel's, known to the compiler, or 0: then the arguments say it.
    template <std::size_t Side, std::size_t Pixels>
    [[gnu::always_inline]] static void pixels(const Depthwise& it, const float* in, const float* weights,
                                              std::size_t channel, float* out)
    {
        const std::size_t rows = Side ? Side : it.kernel_rows;
        const std::size_t columns = Side ? Side : it.kernel_columns;
        const std::size_t weight_stride = padded(it.channels);
        const Register start = it.start ? load(it.start + channel) : Register{};
        Register sums[Pixels];
#pragma GCC unroll 8
        for (std::size_t pixel = 0; pixel < Pixels; ++pixel) sums[pixel] = start;
#pragma GCC unroll 3
        for (std::size_t i = 0; i < rows; ++i)
#pragma GCC unroll 3
            for (std::size_t j = 0; j < columns; ++j) {
                const Register weight = load(weights + (i * columns + j) * weight_stride);
                const float* const at = in + i * it.in_row_stride + j * it.channels;
#pragma GCC unroll 8
                for (std::size_t pixel = 0; pixel < Pixels; ++pixel)
                    sums[pixel] = Simd::multiply_add(load(at + pixel * it.column_step), weight, sums[pixel]);
            }
        const std::size_t present = it.channels - channel;
#pragma GCC unroll 8
        for (std::size_t pixel = 0; pixel < Pixels; ++pixel)
            store_present(out + pixel * it.out_column_stride, sums[pixel], present);
    }

    // The same for pixels whose windows lie one pixel apart: what several of them see is loaded once. The terms of each
    // sum still come in the order of i and j.
    template <std::size_t Side, std::size_t Pixels>
    [[gnu::always_inline]] static void neighbours(const Depthwise& it, const float* in, const float* weights,
                                                  std::size_t channel, float* out)
    {
        const std::size_t weight_stride = padded(it.channels);
        const Register start = it.start ? load(it.start + channel) : Register{};
        Register sums[Pixels];
#pragma GCC unroll 8
        for (std::size_t pixel = 0; pixel < Pixels; ++pixel) sums[pixel] = start;
#pragma GCC unroll 3
        for (std::size_t i = 0; i < Side; ++i) {
            Register of_row[Side];
#pragma GCC unroll 3
            for (std::size_t j = 0; j < Side; ++j) of_row[j] = load(weights + (i * Side + j) * weight_stride);
            const float* const at = in + i * it.in_row_stride;
#pragma GCC unroll 16
            for (std::size_t seen = 0; seen < Pixels + Side - 1; ++seen) {
                const Register value = load(at + seen * it.channels);
#pragma GCC unroll 3
                for (std::size_t j = 0; j < Side; ++j)
                    if (seen >= j && seen - j < Pixels)
                        sums[seen - j] = Simd::multiply_add(value, of_row[j], sums[seen - j]);
            }
        }
        const std::size_t present = it.channels - channel;
#pragma GCC unroll 8
        for (std::size_t pixel = 0; pixel < Pixels; ++pixel)
            store_present(out + pixel * it.out_column_stride, sums[pixel], present);
    }

    template <std::size_t Side>
    static void convolution_of(const Depthwise& it)
    {
        for (std::size_t row = 0; row < it.rows; ++row)
            for (std::size_t channel = 0; channel < it.channels; channel += lanes) {
                const float* const in = it.in + row * it.row_step + channel;
                const float* const weights = it.weights + channel;
                float* const out = it.out + row * it.out_row_stride + channel;
                std::size_t column = 0;
                if constexpr (Side > 0)
                    if (it.column_step == it.channels)
                        for (; column + neighbours_at_once <= it.columns; column += neighbours_at_once)
                            neighbours<Side, neighbours_at_once>(it, in + column * it.column_step, weights, channel,
                                                                 out + column * it.out_column_stride);
                for (; column + pixels_at_once <= it.columns; column += pixels_at_once)
                    pixels<Side, pixels_at_once>(it, in + column * it.column_step, weights, channel,
                                                 out + column * it.out_column_stride);
                for (; column < it.columns; ++column)
                    pixels<Side, 1>(it, in + column * it.column_step, weights, channel,
                                    out + column * it.out_column_stride);
            }
    }

    static void convolution(const Depthwise& it)
    {
        if (it.kernel_rows == 3 && it.kernel_columns == 3)
            convolution_of<3>(it);
        else
            convolution_of<0>(it);
    }

    // Terms of pixels whose windows lie one pixel apart, in the order of the pixels.
    template <std::size_t Side, std::size_t Pixels>
    [[gnu::always_inline]] static void add_neighbours(const DepthwiseGradient& it, const float* in,
                                                      const float* gradients, Register (&sums)[Side][Side],
                                                      Register& start)
    {
        Register of_pixels[Pixels];
#pragma GCC unroll 8
        for (std::size_t pixel = 0; pixel < Pixels; ++pixel) {
            of_pixels[pixel] = load(gradients + pixel * it.channels);
            start += of_pixels[pixel];
        }
#pragma GCC unroll 3
        for (std::size_t i = 0; i < Side; ++i)
#pragma GCC unroll 16
            for (std::size_t seen = 0; seen < Pixels + Side - 1; ++seen) {
                const Register value = load(in + i * it.in_row_stride + seen * it.channels);
#pragma GCC unroll 3
                for (std::size_t j = 0; j < Side; ++j)
                    if (seen >= j && seen - j < Pixels)
                        sums[i][j] = Simd::multiply_add(value, of_pixels[seen - j], sums[i][j]);
            }
    }

    // All sums of a block of channels at once, in registers.
    template <std::size_t Side>
    static void small_gradient(const DepthwiseGradient& it, std::size_t channel)
    {
        const std::size_t stride = padded(it.channels);
        Register sums[Side][Side];
#pragma GCC unroll 3
        for (std::size_t i = 0; i < Side; ++i)
#pragma GCC unroll 3
            for (std::size_t j = 0; j < Side; ++j) sums[i][j] = load(it.sums + (i * Side + j) * stride + channel);
        Register start = load(it.starts + channel);
        for (std::size_t row = 0; row < it.rows; ++row) {
            const float* in = it.in + row * it.row_step + channel;
            const float* gradients = it.gradients + row * it.gradient_row_stride + channel;
            std::size_t column = 0;
            if (it.column_step == it.channels)
                for (; column + neighbours_at_once <= it.columns; column += neighbours_at_once) {
                    add_neighbours<Side, neighbours_at_once>(it, in, gradients, sums, start);
                    in += neighbours_at_once * it.channels;
                    gradients += neighbours_at_once * it.channels;
                }
            for (; column < it.columns; ++column) {
                const Register gradient = load(gradients);
                start += gradient;
#pragma GCC unroll 3
                for (std::size_t i = 0; i < Side; ++i)
#pragma GCC unroll 3
                    for (std::size_t j = 0; j < Side; ++j)
                        sums[i][j] =
                            Simd::multiply_add(load(in + i * it.in_row_stride + j * it.channels), gradient, sums[i][j]);
                in += it.column_step;
                gradients += it.channels;
            }
        }
#pragma GCC unroll 3
        for (std::size_t i = 0; i < Side; ++i)
#pragma GCC unroll 3
            for (std::size_t j = 0; j < Side; ++j) store(it.sums + (i * Side + j) * stride + channel, sums[i][j]);
        store(it.starts + channel, start);
    }

    // One sum after the other, for kernels of any side.
    static void large_gradient(const DepthwiseGradient& it, std::size_t channel)
    {
        const std::size_t stride = padded(it.channels);
        const auto sum_of = [&](float* sum, const auto& add) {
            Register total = load(sum);
            for (std::size_t row = 0; row < it.rows; ++row)
                for (std::size_t column = 0; column < it.columns; ++column)
                    total =
                        add(total, load(it.gradients + row * it.gradient_row_stride + column * it.channels + channel),
                            it.in + row * it.row_step + column * it.column_step + channel);
            store(sum, total);
        };
        for (std::size_t i = 0; i < it.kernel; ++i)
            for (std::size_t j = 0; j < it.kernel; ++j)
                sum_of(it.sums + (i * it.kernel + j) * stride + channel, [&](Register total, Register gradient,
                                                                             const float* window) {
                    return Simd::multiply_add(load(window + i * it.in_row_stride + j * it.channels), gradient, total);
                });
        sum_of(it.starts + channel, [](Register total, Register gradient, const float*) { return total + gradient; });
    }

    static void gradient(const DepthwiseGradient& it)
    {
        for (std::size_t channel = 0; channel < it.channels; channel += lanes)
            if (it.kernel == 3)
                small_gradient<3>(it, channel);
            else
                large_gradient(it, channel);
    }
};

}  // namespace fedgram::learning::native
