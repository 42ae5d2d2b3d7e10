#pragma once

#include <cstddef>

#include "common/learning/native/simd_registers.hpp"
#include "common/learning/native/winograd_tiles.hpp"

namespace fedgram::learning::native {

/// The transforms of winograd_tiles.hpp. A register's lanes are channels, which never meet. Transformed tiles lie
/// [tile][place][padded channels], transformed filters [place][filter][padded channels].
template <class Simd>
struct SimdWinograd : SimdRegisters<Simd> {
    using Base = SimdRegisters<Simd>;
    using Base::all;
    using Base::lanes;
    using Base::load;
    using Base::store;
    using typename Base::Register;

    [[gnu::always_inline]] static Register add_times(Register sum, float factor, Register value)
    {
        return Simd::multiply_add(all(factor), value, sum);
    }

    // Each of these multiplies by one matrix, from the left by a column or from the right by a row. The common parts of
    // its rows are computed once.

    // B^T d.
    struct Input {
        static constexpr std::size_t from = patch_side;
        static constexpr std::size_t to = patch_side;
        [[gnu::always_inline]] static void line(const Register (&d)[from], Register (&t)[to])
        {
            const Register even = add_times(d[4], -4, d[2]);
            const Register odd = add_times(d[3], -4, d[1]);
            const Register even2 = d[4] - d[2];
            const Register odd2 = d[3] - d[1];
            t[0] = add_times(add_times(d[4], -5, d[2]), 4, d[0]);
            t[1] = even + odd;
            t[2] = even - odd;
            t[3] = add_times(even2, 2, odd2);
            t[4] = add_times(even2, -2, odd2);
            t[5] = add_times(add_times(d[5], -5, d[3]), 4, d[1]);
        }
    };

    // A y.
    struct Gradient {
        static constexpr std::size_t from = tile_side;
        static constexpr std::size_t to = patch_side;
        [[gnu::always_inline]] static void line(const Register (&y)[from], Register (&t)[to])
        {
            const Register even = y[0] + y[2];
            const Register odd = y[1] + y[3];
            const Register even2 = add_times(y[0], 4, y[2]);
            const Register odd2 = add_times(y[1], 4, y[3]);
            t[0] = y[0];
            t[1] = even + odd;
            t[2] = even - odd;
            t[3] = add_times(even2, 2, odd2);
            t[4] = add_times(even2, -2, odd2);
            t[5] = y[3];
        }
    };

    // A^T m.
    struct Output {
        static constexpr std::size_t from = patch_side;
        static constexpr std::size_t to = tile_side;
        [[gnu::always_inline]] static void line(const Register (&m)[from], Register (&t)[to])
        {
            const Register even = m[1] + m[2];
            const Register odd = m[1] - m[2];
            const Register even2 = m[3] + m[4];
            const Register odd2 = m[3] - m[4];
            t[0] = m[0] + even + even2;
            t[1] = add_times(odd, 2, odd2);
            t[2] = add_times(even, 4, even2);
            t[3] = add_times(odd, 8, odd2) + m[5];
        }
    };

    // G g.
    struct Filter {
        static constexpr std::size_t from = filter_side;
        static constexpr std::size_t to = patch_side;
        [[gnu::always_inline]] static void line(const Register (&g)[from], Register (&t)[to])
        {
            const Register even = g[0] + g[2];
            const Register even2 = add_times(g[2], 0.25F, g[0]);
            t[0] = all(0.25F) * g[0];
            t[1] = all(-1.0F / 6) * (even + g[1]);
            t[2] = all(-1.0F / 6) * (even - g[1]);
            t[3] = all(1.0F / 6) * add_times(even2, 0.5F, g[1]);
            t[4] = all(1.0F / 6) * add_times(even2, -0.5F, g[1]);
            t[5] = g[2];
        }
    };

    // G^T m.
    struct FilterGradient {
        static constexpr std::size_t from = patch_side;
        static constexpr std::size_t to = filter_side;
        [[gnu::always_inline]] static void line(const Register (&m)[from], Register (&t)[to])
        {
            const Register even = m[1] + m[2];
            const Register odd = m[2] - m[1];
            const Register even2 = m[3] + m[4];
            const Register odd2 = m[3] - m[4];
            t[0] = add_times(all(1.0F / 6) * add_times(-even, 0.25F, even2), 0.25F, m[0]);
            t[1] = all(1.0F / 6) * add_times(odd, 0.5F, odd2);
            t[2] = add_times(m[5], 1.0F / 6, even2 - even);
        }
    };

    // A square of values in memory, walked over line by line; a line has six values at most. There are too few
    // registers for each one's address: every third has one, and the stride leads from it to the next two.
    template <class Float>
    struct Square {
        Float* base[2];
        std::size_t stride;  // between the values of a line
        std::size_t step;    // between lines

        [[gnu::always_inline]] Square(Float* first, std::size_t apart, std::size_t lines_apart)
            : base{first, first + 3 * apart}, stride{apart}, step{lines_apart}
        {
        }
        [[gnu::always_inline]] Float* at(std::size_t i) const { return base[i / 3] + i % 3 * stride; }
        [[gnu::always_inline]] Register load(std::size_t i) const { return Base::load(at(i)); }
        [[gnu::always_inline]] void store(std::size_t i, Register value) const { Base::store(at(i), value); }
        [[gnu::always_inline]] void advance()
        {
            base[0] += step;
            base[1] += step;
            // Keeps the compiler from replacing these by an address for each value, which it then spills.
            asm("" : "+r"(base[0]), "+r"(base[1]));
        }
    };

    // Columns of a square of pixels that reaches beyond the image, where there are zeros.
    struct EdgeColumns {
        static constexpr float zeros[lane_block] = {};
        static constexpr const float* outside[patch_side] = {zeros, zeros, zeros, zeros, zeros, zeros};
        const float* inside[patch_side];
        std::size_t steps[patch_side];
        std::ptrdiff_t column;
        std::size_t columns;

        [[gnu::always_inline]] EdgeColumns(const float* image, const TileRow& row, std::ptrdiff_t first_column)
            : column{first_column}, columns{row.columns}
        {
            for (std::size_t i = 0; i < patch_side; ++i) {
                const auto y = row.row + static_cast<std::ptrdiff_t>(i);
                const bool is_inside = static_cast<std::size_t>(y) < row.rows;
                inside[i] = is_inside ? image + y * static_cast<std::ptrdiff_t>(row.row_stride) +
                                            first_column * static_cast<std::ptrdiff_t>(row.channels)
                                      : zeros;
                steps[i] = is_inside ? row.channels : 0;
            }
        }
        [[gnu::always_inline]] Register load(std::size_t i) const
        {
            return Base::load((static_cast<std::size_t>(column) < columns ? inside : outside)[i]);
        }
        [[gnu::always_inline]] void advance()
        {
#pragma GCC unroll 6
            for (std::size_t i = 0; i < patch_side; ++i) inside[i] += steps[i];
            ++column;
        }
    };

    // Rows of a tile of pixels, of which some may be outside the image; to each value `start` is added.
    template <bool Inside>
    struct Pixels {
        Square<float> square;
        Register start;
        std::size_t channels;  // from the first one on
        std::size_t rows;      // from the first one on
        std::size_t columns;

        [[gnu::always_inline]] void store(std::size_t i, Register value) const
        {
            if (Inside || (rows > 0 && i < columns)) Base::store_present(square.at(i), value + start, channels);
        }
        [[gnu::always_inline]] void advance()
        {
            square.advance();
            if (!Inside && rows > 0) --rows;
        }
    };

    // Both sides of a square, from its columns to the rows of what it becomes.
    template <class Transform, class From, class To>
    [[gnu::always_inline]] static void transform(From from, To to)
    {
        Register half[Transform::to][Transform::from];
#pragma GCC unroll 6
        for (std::size_t j = 0; j < Transform::from; ++j) {
            Register column[Transform::from], transformed[Transform::to];
#pragma GCC unroll 6
            for (std::size_t i = 0; i < Transform::from; ++i) column[i] = from.load(i);
            from.advance();
            Transform::line(column, transformed);
#pragma GCC unroll 6
            for (std::size_t i = 0; i < Transform::to; ++i) half[i][j] = transformed[i];
        }
#pragma GCC unroll 6
        for (std::size_t i = 0; i < Transform::to; ++i) {
            Register row[Transform::to];
            Transform::line(half[i], row);
#pragma GCC unroll 6
            for (std::size_t j = 0; j < Transform::to; ++j) to.store(j, row[j]);
            to.advance();
        }
    }

    static bool is_inside(const TileRow& row, std::ptrdiff_t column, std::size_t side)
    {
        const auto last = static_cast<std::ptrdiff_t>(side);
        return row.row >= 0 && column >= 0 && row.row + last <= static_cast<std::ptrdiff_t>(row.rows) &&
               column + last <= static_cast<std::ptrdiff_t>(row.columns);
    }

    // From an image to transformed tiles.
    template <class Transform>
    static void forward(const float* image, const TileRow& row, float* to)
    {
        const std::size_t stride = padded(row.channels);
        for (std::size_t tile = 0; tile < row.tiles; ++tile) {
            const auto column = row.column + static_cast<std::ptrdiff_t>(tile * tile_side);
            const bool inside = is_inside(row, column, Transform::from);
            for (std::size_t channel = 0; channel < row.channels; channel += lanes) {
                const Square<float> places{to + tile * patch_places * stride + channel, stride, patch_side * stride};
                if (inside)
                    transform<Transform>(
                        Square<const float>{image + row.row * static_cast<std::ptrdiff_t>(row.row_stride) +
                                                column * static_cast<std::ptrdiff_t>(row.channels) + channel,
                                            row.row_stride, row.channels},
                        places);
                else
                    transform<Transform>(EdgeColumns{image + channel, row, column}, places);
            }
        }
    }

    // From transformed tiles to an image.
    static void output(const float* from, const float* start, const TileRow& row, float* image)
    {
        const std::size_t stride = padded(row.channels);
        for (std::size_t tile = 0; tile < row.tiles; ++tile) {
            const auto column = row.column + static_cast<std::ptrdiff_t>(tile * tile_side);
            float* const to = image + row.row * static_cast<std::ptrdiff_t>(row.row_stride) +
                              column * static_cast<std::ptrdiff_t>(row.channels);
            const bool inside = is_inside(row, column, tile_side);
            for (std::size_t channel = 0; channel < row.channels; channel += lanes) {
                const Square<const float> places{from + tile * patch_places * stride + channel, patch_side * stride,
                                                 stride};
                const Square<float> pixels{to + channel, row.channels, row.row_stride};
                const Register first = start ? load(start + channel) : Register{};
                const std::size_t channels = row.channels - channel;
                const auto rows = row.rows - static_cast<std::size_t>(row.row);
                const auto columns = row.columns - static_cast<std::size_t>(column);
                if (inside)
                    transform<Output>(places, Pixels<true>{pixels, first, channels, rows, columns});
                else
                    transform<Output>(places, Pixels<false>{pixels, first, channels, rows, columns});
            }
        }
    }

    static void filter(const float* taps, std::ptrdiff_t tap_stride, std::size_t filters, std::size_t columns,
                       float* to)
    {
        const auto stride = static_cast<std::size_t>(tap_stride);  // an address wraps as it should if it is negative
        for (std::size_t filter = 0; filter < filters; ++filter)
            for (std::size_t column = 0; column < columns; column += lanes)
                transform<Filter>(
                    Square<const float>{taps + filter * filter_taps * columns + column, filter_side * stride, stride},
                    Square<float>{to + filter * columns + column, filters * columns, patch_side * filters * columns});
    }

    static void filter_gradient(const float* from, std::size_t filters, std::size_t columns, float* taps)
    {
        for (std::size_t filter = 0; filter < filters; ++filter)
            for (std::size_t column = 0; column < columns; column += lanes)
                transform<FilterGradient>(
                    Square<const float>{from + filter * columns + column, patch_side * filters * columns,
                                        filters * columns},
                    Square<float>{taps + filter * filter_taps * columns + column, columns, filter_side * columns});
    }
};

}  // namespace fedgram::learning::native
