#pragma once

#include <cstddef>

#include "common/learning/native/kernels.hpp"

// The kernels are written once over a register type and compiled once for each instruction set. What is compiled for an
// instruction set that a CPU may lack must not be shared with other files by the linker. So all of simd_*.hpp is
// templates over `Simd`, a type of the including file alone, and nothing of the standard library is called.

namespace fedgram::learning::native {

/// `Simd` has `lanes`; `Register`, `Integers` and `Bytes`, GCC vectors of so many; `broadcast`; `multiply_add(a, b, c)`
/// = a b + c; `store_first(to, value, count)` of the first `count` lanes alone; and how many sums a product (`row_tile`
/// rows of `block_tile` lane_blocks) and a window
/// (`window_registers`) hold at once.
template <class Simd>
struct SimdRegisters {
    using Register = typename Simd::Register;
    static constexpr std::size_t lanes = Simd::lanes;
    static constexpr std::size_t block_registers = lane_block / lanes;

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
    template <Activation activation>
    [[gnu::always_inline]] static Register activated(Register value)
    {
        if constexpr (activation != Activation::none) value = relu(value);
        if constexpr (activation == Activation::relu6) value = value > 6 ? all(6) : value;
        return value;
    }
    /// The gradient before an activation that gave `output`.
    template <Activation activation>
    [[gnu::always_inline]] static Register before(Register gradient, Register output)
    {
        if constexpr (activation != Activation::none) gradient = output > 0 ? gradient : Register{};
        if constexpr (activation == Activation::relu6) gradient = output < 6 ? gradient : Register{};
        return gradient;
    }
    [[gnu::always_inline]] static void store_present(float* to, Register value, std::size_t present)
    {
        if (present >= lanes)
            store(to, value);
        else
            Simd::store_first(to, value, present);
    }
};

}  // namespace fedgram::learning::native
