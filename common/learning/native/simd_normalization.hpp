#pragma once

#include <cstddef>

#include "common/learning/native/simd_rows.hpp"

namespace fedgram::learning::native {

/// A normalization's passes over the rows of an image. Coefficients of channels are spread over a row beforehand, so
/// any number of channels fills all lanes. They and the sums are loaded once for a few rows, or they would be most of
/// what is loaded.
template <class Simd>
struct SimdNormalization : SimdRows<Simd> {
    using Base = SimdRows<Simd>;
    using Base::lanes;
    using Base::load;
    using Base::store;
    using Base::store_present;
    using Base::with;
    using typename Base::Register;

    // Calls `body` with how many rows it takes at once, a constant, and the first of them.
    template <class Body>
    [[gnu::always_inline]] static void by_rows(std::size_t rows, const Body& body)
    {
        std::size_t row = 0;
        for (; row + 4 <= rows; row += 4) body.template operator()<4>(row);
        for (; row + 2 <= rows; row += 2) body.template operator()<2>(row);
        for (; row < rows; ++row) body.template operator()<1>(row);
    }

    // What a value of `out` is, from the row's number and its place in the row.
    template <std::size_t Rows, class Value>
    [[gnu::always_inline]] static void fill(float* out, std::size_t out_stride, std::size_t i, std::size_t present,
                                            const Value& value)
    {
#pragma GCC unroll 4
        for (std::size_t row = 0; row < Rows; ++row) store_present(out + row * out_stride + i, value(row), present);
    }

    template <Activation activation>
    [[gnu::always_inline]] static Register gradient_before(Register gradient, Register x, Register scale,
                                                           Register offset)
    {
        if constexpr (activation == Activation::none)
            return gradient;
        else
            return Base::template before<activation>(gradient, Simd::multiply_add(x, scale, offset));
    }

    static void add_moments(const NormalizedRows& it, const float* shift, float* sums, float* squares)
    {
        by_rows(it.rows, [&]<std::size_t Rows>(std::size_t first) {
            const float* const x = it.x + first * it.x_stride;
            for (std::size_t i = 0; i < it.count; i += lanes) {
                const Register about = load(shift + i);
                Register sum = load(sums + i);
                Register square = load(squares + i);
#pragma GCC unroll 4
                for (std::size_t row = 0; row < Rows; ++row) {
                    const Register d = load(x + row * it.x_stride + i) - about;
                    sum += d;
                    square = Simd::multiply_add(d, d, square);
                }
                store(sums + i, sum);
                store(squares + i, square);
            }
        });
    }

    static void scale(const NormalizedRows& it, float* out, std::size_t out_stride)
    {
        with(it.activation, [&]<Activation constant>() {
            by_rows(it.rows, [&]<std::size_t Rows>(std::size_t first) {
                const float* const x = it.x + first * it.x_stride;
                float* const to = out + first * out_stride;
                for (std::size_t i = 0; i < it.count; i += lanes) {
                    const Register factor = load(it.scale + i);
                    const Register offset = load(it.offset + i);
                    fill<Rows>(to, out_stride, i, it.count - i, [&](std::size_t row) {
                        return Base::template activated<constant>(
                            Simd::multiply_add(load(x + row * it.x_stride + i), factor, offset));
                    });
                }
            });
        });
    }

    static void add_gradient_moments(const NormalizedRows& it, const float* mean, float* sums, float* products)
    {
        with(it.activation, [&]<Activation constant>() {
            by_rows(it.rows, [&]<std::size_t Rows>(std::size_t first) {
                const float* const x = it.x + first * it.x_stride;
                const float* const gradients = it.gradients + first * it.gradient_stride;
                for (std::size_t i = 0; i < it.count; i += lanes) {
                    const Register factor = load(it.scale + i);
                    const Register offset = load(it.offset + i);
                    const Register middle = load(mean + i);
                    Register sum = load(sums + i);
                    Register product = load(products + i);
#pragma GCC unroll 4
                    for (std::size_t row = 0; row < Rows; ++row) {
                        const Register value = load(x + row * it.x_stride + i);
                        const Register gradient = gradient_before<constant>(
                            load(gradients + row * it.gradient_stride + i), value, factor, offset);
                        sum += gradient;
                        product = Simd::multiply_add(gradient, value - middle, product);
                    }
                    store(sums + i, sum);
                    store(products + i, product);
                }
            });
        });
    }

    static void gradient(const NormalizedRows& it, const NormalizationSlopes& slopes, float* out,
                         std::size_t out_stride)
    {
        with(it.activation, [&]<Activation constant>() {
            by_rows(it.rows, [&]<std::size_t Rows>(std::size_t first) {
                const float* const x = it.x + first * it.x_stride;
                const float* const gradients = it.gradients + first * it.gradient_stride;
                float* const to = out + first * out_stride;
                for (std::size_t i = 0; i < it.count; i += lanes) {
                    const Register scale = load(it.scale + i);
                    const Register offset = load(it.offset + i);
                    const Register mean = load(slopes.mean + i);
                    const Register factor = load(slopes.factor + i);
                    const Register constant_term = load(slopes.constant + i);
                    const Register deviation = load(slopes.deviation + i);
                    fill<Rows>(to, out_stride, i, it.count - i, [&](std::size_t row) {
                        const Register value = load(x + row * it.x_stride + i);
                        const Register before = gradient_before<constant>(
                            load(gradients + row * it.gradient_stride + i), value, scale, offset);
                        return Simd::multiply_add(deviation, value - mean,
                                                  Simd::multiply_add(factor, before, constant_term));
                    });
                }
            });
        });
    }
};

}  // namespace fedgram::learning::native
