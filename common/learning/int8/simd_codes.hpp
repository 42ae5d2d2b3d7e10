#pragma once

#include <cstddef>
#include <cstdint>

#include "common/learning/int8/kernels.hpp"

// The kernels are written once over a type of registers and compiled once for each instruction set. What is compiled
// for an instruction set that a CPU may lack must not be shared with other files by the linker. So all of this is
// templates over `Simd`, a type of the including file alone, and nothing of the standard library is called.

namespace fedgram::learning::int8 {

/// `Simd` has `lanes`; `Integers` and `Floats`, GCC vectors of so many; `Codes`, a quad of codes for each lane:
/// `broadcast(quad)` is the same for all, `column(four rows, register)` has a code of each row for each lane's channel;
/// `Weights`, a quad of weights for each lane, and `weights(block, register)`, which reads them; `multiply_add(sums,
/// codes, weights)`, exact; `lanes_of(codes)`, a code for each lane; `store(out, integers)`, which writes the low bytes
/// of a block; `widened` and how many sums of blocks a product holds at once: `group_blocks` blocks of `pixel_tile`
/// pixels, or of `pooled_tile` outputs of a pooled product; one block may have more pixels. `depthwise_tile` is how
/// many pixels of a block a depthwise product holds.
template <class Simd>
struct SimdCodes {
    using Integers = typename Simd::Integers;
    using Floats = typename Simd::Floats;
    static constexpr std::size_t lanes = Simd::lanes;
    static constexpr std::size_t block_registers = block_channels / lanes;
    static constexpr WeightLayout layout{Simd::group_blocks, Simd::widened};

    template <class Vector, class Value>
    static Vector load(const Value* from)
    {
        Vector vector;
        __builtin_memcpy(&vector, from, sizeof vector);
        return vector;
    }

    // Between -2^22 and 2^22, a float plus 1.5 x 2^23 is rounded to a whole number, halves to even, which its lowest
    // bits then are.
    static constexpr float rounder = 0x1.8p23F;

    struct Bounds {
        float lowest;
        float highest;
    };
    [[gnu::always_inline]] static Bounds bounds_of(const CodeRange& range, std::int32_t zero_point)
    {
        return {static_cast<float>(range.lowest - zero_point), static_cast<float>(range.highest - zero_point)};
    }

    // What is clamped to whole numbers before it is rounded is what it would be if clamped afterwards; and no product
    // is too large for an integer.
    static Integers code(Floats value, Bounds bounds, std::int32_t zero_point)
    {
        const Floats low = Floats{} + bounds.lowest;
        const Floats high = Floats{} + bounds.highest;
        value = value > low ? value : low;
        value = value < high ? value : high;
        return reinterpret_cast<Integers>(value + rounder) - __builtin_bit_cast(std::int32_t, rounder) + zero_point;
    }

    template <std::size_t Count>
    [[gnu::always_inline]] static void store_some(const std::uint8_t*& bytes, std::uint8_t*& out, std::size_t present)
    {
        if ((present & Count) == 0) return;
        __builtin_memcpy(out, bytes, Count);
        bytes += Count;
        out += Count;
    }

    // Of a block's codes those that are present.
    [[gnu::always_inline]] static void store(std::uint8_t* out, const Integers (&codes)[block_registers],
                                             std::size_t present)
    {
        if (present >= block_channels) {
            Simd::store(out, codes);
            return;
        }
        std::uint8_t block[block_channels];
        Simd::store(block, codes);
        const std::uint8_t* bytes = block;
        store_some<8>(bytes, out, present);
        store_some<4>(bytes, out, present);
        store_some<2>(bytes, out, present);
        store_some<1>(bytes, out, present);
    }
};

}  // namespace fedgram::learning::int8
