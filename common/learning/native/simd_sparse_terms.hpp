#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "common/learning/native/simd_registers.hpp"

namespace fedgram::learning::native {

/// Sums of windows over sparse terms, and the terms that an output's gradient is made of.
template <class Simd>
struct SimdSparseTerms : SimdRegisters<Simd> {
    using Base = SimdRegisters<Simd>;
    using Base::all;
    using Base::block_registers;
    using Base::lanes;
    using Base::load;
    using Base::store;
    using typename Base::Register;
    static constexpr std::size_t largest_window_rows = 5;
    static constexpr std::size_t largest_window_registers = 12;  // in one row

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
};

}  // namespace fedgram::learning::native
