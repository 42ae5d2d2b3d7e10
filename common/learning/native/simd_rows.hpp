#pragma once

#include <cstddef>
#include <cstdint>

#include "common/learning/native/simd_registers.hpp"

namespace fedgram::learning::native {

/// What is done value by value over a row: sums, activations, dropout.
template <class Simd>
struct SimdRows : SimdRegisters<Simd> {
    using Base = SimdRegisters<Simd>;
    using Base::all;
    using Base::lanes;
    using Base::load;
    using Base::store;
    using Base::store_present;
    using typename Base::Register;

    template <class Value>
    [[gnu::always_inline]] static void fill(float* out, std::size_t count, const Value& value)
    {
        std::size_t i = 0;
        for (; i + lanes <= count; i += lanes) store(out + i, value(i));
        if (i < count) Simd::store_first(out + i, value(i), count - i);
    }

    // Calls `f` with the activation as a constant.
    template <class F>
    [[gnu::always_inline]] static void with(Activation activation, const F& f)
    {
        if (activation == Activation::none) f.template operator()<Activation::none>();
        if (activation == Activation::relu) f.template operator()<Activation::relu>();
        if (activation == Activation::relu6) f.template operator()<Activation::relu6>();
    }

    template <Activation activation>
    [[gnu::always_inline]] static Register gradient_at(const RowGradient& row, std::size_t i)
    {
        const Register gradient = load(row.gradients + i);
        if constexpr (activation == Activation::none)
            return gradient;
        else
            return Base::template before<activation>(gradient, load(row.outputs + i));
    }

    static void add(const float* a, const float* b, Activation activation, std::size_t count, float* out)
    {
        with(activation, [&]<Activation constant>() {
            fill(out, count,
                 [&](std::size_t i) { return Base::template activated<constant>(load(a + i) + load(b + i)); });
        });
    }

    static void keep(const float* x, const std::uint16_t* kept, float factor, std::size_t count, float* out)
    {
        using Integers = typename Simd::Integers;
        Integers bit_of_lane{};
        for (std::size_t lane = 0; lane < lanes; ++lane) bit_of_lane[lane] = 1 << lane;
        fill(out, count, [&](std::size_t i) {
            const Integers bits = Integers{} + (kept[i / 16] >> i % 16);
            return (bits & bit_of_lane) != 0 ? load(x + i) * factor : Register{};
        });
    }

    static void before_activation(const RowGradient& row, std::size_t count, float* out)
    {
        with(row.activation, [&]<Activation constant>() {
            fill(out, count, [&](std::size_t i) { return gradient_at<constant>(row, i); });
        });
    }

    static void add_before_activation(const RowGradient& row, std::size_t count, float* out)
    {
        with(row.activation, [&]<Activation constant>() {
            fill(out, count, [&](std::size_t i) { return load(out + i) + gradient_at<constant>(row, i); });
        });
    }
};

}  // namespace fedgram::learning::native
