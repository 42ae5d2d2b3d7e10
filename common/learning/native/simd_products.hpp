#pragma once

#include <cstddef>
#include <utility>

#include "common/learning/native/simd_registers.hpp"

namespace fedgram::learning::native {

/// Matrix products, tile by tile.
template <class Simd>
struct SimdProducts : SimdRegisters<Simd> {
    using Base = SimdRegisters<Simd>;
    using Base::all;
    using Base::block_registers;
    using Base::lanes;
    using Base::load;
    using Base::relu;
    using Base::store;
    using typename Base::Register;

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
                sums[i][r] = product.accumulate ? load(product.c + (row + i) * product.c_stride + column + r * lanes)
                             : product.start_of_row    ? all(product.start_of_row[row + i])
                             : product.start_of_column ? load(product.start_of_column + column + r * lanes)
                                                       : Register{};

        const std::size_t row_stride = product.a_row_stride;
        const std::size_t b_stride = product.b_stride;
        const float* b = product.b + column;
        for (std::size_t segment = 0; segment < product.segments; ++segment) {
            RowPointers<Rows, Transposed> a{
                product.a + (Transposed ? row : row * row_stride) + segment * product.segment_stride, row_stride};
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
            b += product.b_segment_gap;
        }

        const std::size_t present = product.columns - column;
#pragma GCC unroll 16
        for (std::size_t i = 0; i < Rows; ++i) {
            float* const c = product.c + (row + i) * product.c_stride + column;
#pragma GCC unroll 8
            for (std::size_t r = 0; r < Registers; ++r) {
                const Register sum = product.activation == Activation::relu ? relu(sums[i][r]) : sums[i][r];
                if (present > r * lanes) Base::store_present(c + r * lanes, sum, present - r * lanes);
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
};

}  // namespace fedgram::learning::native
