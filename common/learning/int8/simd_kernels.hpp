#pragma once

#include <cstddef>
#include <cstdint>

#include "common/learning/int8/simd_codes.hpp"
#include "common/learning/int8/simd_depthwise.hpp"
#include "common/learning/int8/simd_products.hpp"

namespace fedgram::learning::int8 {

/// All kernels by the registers of `Simd`.
template <class Simd>
struct SimdKernels {
    using Registers = SimdCodes<Simd>;
    using Integers = typename Registers::Integers;
    using Floats = typename Registers::Floats;
    static constexpr std::size_t lanes = Registers::lanes;
    static constexpr std::size_t block_registers = Registers::block_registers;

    // Calls codes_of(place, register) for each block of a run of codes, and stores what it gives.
    template <class CodesOf>
    [[gnu::always_inline]] static void store_run(std::size_t count, std::uint8_t* out, const CodesOf& codes_of)
    {
        for (std::size_t i = 0; i < count; i += block_channels) {
            Integers codes[block_registers];
#pragma GCC unroll 4
            for (std::size_t r = 0; r < block_registers; ++r) codes[r] = codes_of(i + r * lanes);
            Registers::store(out + i, codes, count - i);
        }
    }

    static void add(const Addition& addition, const std::uint8_t* first, const std::uint8_t* second, std::size_t count,
                    std::uint8_t* out)
    {
        const auto bounds = Registers::bounds_of(addition.range, addition.out.zero_point);
        const auto reals = [](const Addition::Term& term, const std::uint8_t* codes) {
            return __builtin_convertvector(Simd::lanes_of(codes) - term.zero_point, Floats) * term.scale;
        };
        store_run(count, out, [&](std::size_t i) {
            return Registers::code(
                (reals(addition.first, first + i) + reals(addition.second, second + i)) / addition.out.scale, bounds,
                addition.out.zero_point);
        });
    }

    // A quotient that isn't halfway between two codes is at least 1 / 2n away from there, for n up to 65,535 more than
    // a float32's rounding moves it: so rounding it is exact.
    static void mean(const Mean& mean, std::uint8_t* out)
    {
        const auto count = static_cast<float>(mean.rows * mean.pixels);
        store_run(mean.channels, out, [&](std::size_t channel) {
            Integers sum{};
            for (std::size_t y = 0; y < mean.rows; ++y)
                for (std::size_t x = 0; x < mean.pixels; ++x)
                    sum += Simd::lanes_of(mean.codes + y * mean.row_stride + x * mean.channels + channel);
            return Registers::code(__builtin_convertvector(sum, Floats) / count, {0, 255}, 0);
        });
    }

    static void quantize(const float* values, std::size_t count, float scale, std::int32_t zero_point,
                         std::uint8_t* codes)
    {
        const auto bounds = Registers::bounds_of({}, zero_point);
        const auto block = [&](const float* from, std::uint8_t* to) {
            Integers quantized[block_registers];
#pragma GCC unroll 4
            for (std::size_t r = 0; r < block_registers; ++r)
                quantized[r] =
                    Registers::code(Registers::template load<Floats>(from + r * lanes) / scale, bounds, zero_point);
            Simd::store(to, quantized);
        };
        std::size_t i = 0;
        for (; i + block_channels <= count; i += block_channels) block(values + i, codes + i);
        if (i == count) return;
        float last[block_channels] = {};
        std::uint8_t bytes[block_channels];
        for (std::size_t k = 0; i + k < count; ++k) last[k] = values[i + k];
        block(last, bytes);
        for (std::size_t k = 0; i + k < count; ++k) codes[i + k] = bytes[k];
    }

    static constexpr Kernels table{Registers::layout,
                                   &SimdProducts<Simd>::template product<1>,
                                   &SimdProducts<Simd>::template product<2>,
                                   &SimdDepthwise<Simd>::product,
                                   &add,
                                   &mean,
                                   &quantize};
};

}  // namespace fedgram::learning::int8
