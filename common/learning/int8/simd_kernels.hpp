#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

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
struct SimdKernels {
    using Integers = typename Simd::Integers;
    using Floats = typename Simd::Floats;
    using Weights = typename Simd::Weights;
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

    // Where the quads of a tile's pixels are. They lie a stride apart. There are too few registers for each one's
    // address: every third has one, and the stride leads from it to the next two.
    template <std::size_t Pixels>
    struct PixelPointers {
        static constexpr std::size_t bases = (Pixels + 2) / 3;
        const std::uint8_t* base[bases];
        std::size_t stride;

        [[gnu::always_inline]] void start(const std::uint8_t* first, std::size_t pixel_stride)
        {
            stride = pixel_stride;
#pragma GCC unroll 8
            for (std::size_t i = 0; i < bases; ++i) base[i] = first + 3 * i * pixel_stride;
        }
        [[gnu::always_inline]] const std::uint8_t* operator[](std::size_t pixel) const
        {
            return base[pixel / 3] + (pixel % 3) * stride;
        }
        [[gnu::always_inline]] void advance(std::size_t bytes)
        {
#pragma GCC unroll 8
            for (std::size_t i = 0; i < bases; ++i) {
                base[i] += bytes;
                // Keeps the compiler from replacing these few pointers by one for each pixel, which it then spills.
                asm("" : "+r"(base[i]));
            }
        }
    };

    // Outputs of a tile, each of Window x Window sums: row by row of the window, and in a row output by output.
    template <std::size_t Outputs, std::size_t Blocks, std::size_t Window>
    struct Tile {
        static constexpr std::size_t across = Outputs * Window;
        static constexpr std::size_t pixels = across * Window;
        static constexpr std::size_t registers = Blocks * block_registers;
        // A sum waits for its last addition. Where there are few sums, the quads of a window go to several in turn.
        static constexpr std::size_t turns = pixels == 1 ? 4 : pixels <= 3 ? 2 : 1;
        static constexpr std::size_t step_bytes = Blocks * layout.bytes_of_quad();

        Integers sums[turns][pixels][registers];
        PixelPointers<across> codes[Window];

        [[gnu::always_inline]] void step(std::size_t turn, std::size_t offset, const std::byte* quads)
        {
            Weights weights[registers];
#pragma GCC unroll 16
            for (std::size_t r = 0; r < registers; ++r)
                weights[r] = Simd::weights(quads + r / block_registers * layout.bytes_of_quad(), r % block_registers);
#pragma GCC unroll 32
            for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
                std::int32_t four;
                __builtin_memcpy(&four, codes[pixel / across][pixel % across] + offset, sizeof four);
                const auto broadcast = Simd::broadcast(four);
#pragma GCC unroll 16
                for (std::size_t r = 0; r < registers; ++r)
                    sums[turn][pixel][r] = Simd::multiply_add(sums[turn][pixel][r], broadcast, weights[r]);
            }
        }

        [[gnu::always_inline]] void add_windows(const Product& product, const std::uint8_t* first,
                                                const std::byte* weights)
        {
            for (std::size_t segment = 0; segment < product.segments; ++segment) {
#pragma GCC unroll 2
                for (std::size_t row = 0; row < Window; ++row)
                    codes[row].start(first + segment * product.segment_stride + row * product.row_stride,
                                     product.pixel_stride);
                std::size_t left = product.segment_quads;
                for (; left >= 4; left -= 4) {
#pragma GCC unroll 4
                    for (std::size_t k = 0; k < 4; ++k) step(k % turns, k * quad, weights + k * step_bytes);
#pragma GCC unroll 2
                    for (std::size_t row = 0; row < Window; ++row) codes[row].advance(4 * quad);
                    weights += 4 * step_bytes;
                }
                for (; left > 0; --left) {
                    step(0, 0, weights);
#pragma GCC unroll 2
                    for (std::size_t row = 0; row < Window; ++row) codes[row].advance(quad);
                    weights += step_bytes;
                }
            }
        }

        // The largest sum of an output's window. Requantization keeps the order, so it is done once, behind the
        // pooling.
        [[nodiscard, gnu::always_inline]] Integers pooled(std::size_t output, std::size_t r) const
        {
            Integers largest = sums[0][output * Window][r];
#pragma GCC unroll 4
            for (std::size_t i = 1; i < Window * Window; ++i) {
                const Integers sum = sums[0][i / Window * across + output * Window + i % Window][r];
                largest = sum > largest ? sum : largest;
            }
            return largest;
        }

        static void run(const Product& product, const std::uint8_t* first, const std::byte* weights,
                        std::size_t channel, std::uint8_t* out)
        {
            Tile tile;
#pragma GCC unroll 16
            for (std::size_t r = 0; r < registers; ++r) {
                const auto start = load<Integers>(product.starts + channel + r * lanes);
#pragma GCC unroll 32
                for (std::size_t pixel = 0; pixel < pixels; ++pixel) tile.sums[0][pixel][r] = start;
            }
#pragma GCC unroll 4
            for (std::size_t turn = 1; turn < turns; ++turn)
                for (std::size_t pixel = 0; pixel < pixels; ++pixel)
                    for (std::size_t r = 0; r < registers; ++r) tile.sums[turn][pixel][r] = Integers{};

            tile.add_windows(product, first, weights);

#pragma GCC unroll 4
            for (std::size_t turn = 1; turn < turns; ++turn)
                for (std::size_t pixel = 0; pixel < pixels; ++pixel)
                    for (std::size_t r = 0; r < registers; ++r) tile.sums[0][pixel][r] += tile.sums[turn][pixel][r];

            const auto& to = product.requantization;
            const auto bounds = bounds_of(to.range, to.zero_point);
#pragma GCC unroll 4
            for (std::size_t block = 0; block < Blocks; ++block) {
                const std::size_t at = channel + block * block_channels;
                const std::size_t present = product.channels - at;
                Floats multipliers[block_registers];
#pragma GCC unroll 4
                for (std::size_t r = 0; r < block_registers; ++r)
                    multipliers[r] = load<Floats>(to.multipliers + at + r * lanes);
#pragma GCC unroll 32
                for (std::size_t output = 0; output < Outputs; ++output) {
                    Integers codes_out[block_registers];
#pragma GCC unroll 4
                    for (std::size_t r = 0; r < block_registers; ++r) {
                        const Integers sum = tile.pooled(output, block * block_registers + r);
                        codes_out[r] =
                            code(__builtin_convertvector(sum, Floats) * multipliers[r], bounds, to.zero_point);
                    }
                    store(out + output * product.out_pixel_stride + block * block_channels, codes_out, present);
                }
            }
        }
    };

    [[gnu::always_inline]] static void store(std::uint8_t* out, const Integers (&codes)[block_registers],
                                             std::size_t present)
    {
        if (present >= block_channels) {
            Simd::store(out, codes);
            return;
        }
        std::uint8_t bytes[block_channels];
        Simd::store(bytes, codes);
        const std::uint8_t* from = bytes;
        const auto copy = [&]<std::size_t Count> [[gnu::always_inline]] (std::integral_constant<std::size_t, Count>) {
            if ((present & Count) == 0) return;
            __builtin_memcpy(out, from, Count);
            out += Count;
            from += Count;
        };
        copy(std::integral_constant<std::size_t, 8>{});
        copy(std::integral_constant<std::size_t, 4>{});
        copy(std::integral_constant<std::size_t, 2>{});
        copy(std::integral_constant<std::size_t, 1>{});
    }

    using Run = void (*)(const Product&, const std::uint8_t*, const std::byte*, std::size_t, std::uint8_t*);

    template <std::size_t Blocks, std::size_t Window, std::size_t... Output>
    static Run tile_of(std::size_t outputs, std::index_sequence<Output...>)
    {
        static constexpr Run runs[] = {&Tile<Output + 1, Blocks, Window>::run...};
        return runs[outputs - 1];
    }

    // A group's outputs, row by row in tiles of almost equal width.
    template <std::size_t Blocks, std::size_t Window>
    static void group(const Product& product, const std::byte* weights, std::size_t channel)
    {
        constexpr std::size_t widest =
            (Window == 1 ? Simd::pixel_tile : Simd::pooled_tile) * (Simd::group_blocks / Blocks);
        const std::size_t tiles = (product.pixels + widest - 1) / widest;
        for (std::size_t row = 0; row < product.rows; ++row) {
            const std::uint8_t* const codes = product.codes + row * Window * product.row_stride;
            std::uint8_t* const out = product.out + row * product.out_row_stride + channel;
            for (std::size_t index = 0, pixel = 0; index < tiles; ++index) {
                const std::size_t end = product.pixels * (index + 1) / tiles;
                const Run run = tile_of<Blocks, Window>(end - pixel, std::make_index_sequence<widest>{});
                run(product, codes + pixel * Window * product.pixel_stride, weights, channel,
                    out + pixel * product.out_pixel_stride);
                pixel = end;
            }
        }
    }

    template <std::size_t Window>
    static void product(const Product& product)
    {
        const std::size_t block_bytes = product.segments * product.segment_quads * layout.bytes_of_quad();
        const std::size_t blocks = whole_blocks(product.channels);
        const std::byte* weights = product.weights;
        for (std::size_t block = 0; block < blocks;) {
            const bool whole = block + Simd::group_blocks <= blocks;
            if (whole)
                group<Simd::group_blocks, Window>(product, weights, block * block_channels);
            else
                group<1, Window>(product, weights, block * block_channels);
            const std::size_t taken = whole ? Simd::group_blocks : 1;
            weights += taken * block_bytes;
            block += taken;
        }
    }

    // A block of channels of a few pixels in a row. Four rows of a column of the kernel are a quad.
    template <std::size_t Pixels>
    struct DepthwiseTile {
        Integers sums[Pixels][block_registers];

        [[gnu::always_inline]] void begin(const DepthwiseProduct& product, std::size_t channel)
        {
#pragma GCC unroll 4
            for (std::size_t r = 0; r < block_registers; ++r)
#pragma GCC unroll 16
                for (std::size_t pixel = 0; pixel < Pixels; ++pixel)
                    sums[pixel][r] = load<Integers>(product.starts + channel + r * lanes);
        }

        // A kernel of 3 x 3, whose columns are read once for all outputs that they are in.
        template <std::size_t Stride>
        [[gnu::always_inline]] void add_threes(const DepthwiseProduct& product, const std::uint8_t* first,
                                               const std::byte* weights)
        {
#pragma GCC unroll 64
            for (std::size_t column = 0; column < (Pixels - 1) * Stride + 3; ++column) {
                const std::uint8_t* const top = first + column * product.tap_stride;
                const std::uint8_t* const last = top + 2 * product.tap_row_stride;
#pragma GCC unroll 4
                for (std::size_t r = 0; r < block_registers; ++r) {
                    const auto codes = Simd::column(top, top + product.tap_row_stride, last, last, r);
#pragma GCC unroll 16
                    for (std::size_t pixel = 0; pixel < Pixels; ++pixel)
                        if (pixel * Stride <= column && column < pixel * Stride + 3)
                            sums[pixel][r] = Simd::multiply_add(
                                sums[pixel][r], codes,
                                Simd::weights(weights + (column - pixel * Stride) * layout.bytes_of_quad(), r));
                }
            }
        }

        // Rows that a column doesn't have are its last one again, whose weights are 0.
        [[gnu::always_inline]] void add_columns(const DepthwiseProduct& product, const std::uint8_t* first,
                                                const std::byte* weights)
        {
            for (std::size_t column = 0; column < product.kernel; ++column)
                for (std::size_t y = 0; y < product.kernel; y += quad) {
                    std::size_t rows[quad];
                    for (std::size_t k = 0; k < quad; ++k)
                        rows[k] = (y + k < product.kernel ? y + k : product.kernel - 1) * product.tap_row_stride;
#pragma GCC unroll 16
                    for (std::size_t pixel = 0; pixel < Pixels; ++pixel) {
                        const std::uint8_t* const top =
                            first + column * product.tap_stride + pixel * product.pixel_stride;
#pragma GCC unroll 4
                        for (std::size_t r = 0; r < block_registers; ++r)
                            sums[pixel][r] = Simd::multiply_add(
                                sums[pixel][r],
                                Simd::column(top + rows[0], top + rows[1], top + rows[2], top + rows[3], r),
                                Simd::weights(weights, r));
                    }
                    weights += layout.bytes_of_quad();
                }
        }

        [[gnu::always_inline]] void store_codes(const DepthwiseProduct& product, std::size_t channel,
                                                std::uint8_t* out) const
        {
            const auto& to = product.requantization;
            const auto bounds = bounds_of(to.range, to.zero_point);
#pragma GCC unroll 16
            for (std::size_t pixel = 0; pixel < Pixels; ++pixel) {
                Integers codes[block_registers];
#pragma GCC unroll 4
                for (std::size_t r = 0; r < block_registers; ++r)
                    codes[r] = code(__builtin_convertvector(sums[pixel][r], Floats) *
                                        load<Floats>(to.multipliers + channel + r * lanes),
                                    bounds, to.zero_point);
                store(out + pixel * product.out_pixel_stride, codes, product.channels - channel);
            }
        }

        // Of a kernel of 3 x 3 with this stride, or, where it is 0, of any.
        template <std::size_t Stride>
        static void run(const DepthwiseProduct& product, const std::uint8_t* first, const std::byte* weights,
                        std::size_t channel, std::uint8_t* out)
        {
            DepthwiseTile tile;
            tile.begin(product, channel);
            if constexpr (Stride == 0)
                tile.add_columns(product, first, weights);
            else
                tile.template add_threes<Stride>(product, first, weights);
            tile.store_codes(product, channel, out);
        }
    };

    using DepthwiseRun = void (*)(const DepthwiseProduct&, const std::uint8_t*, const std::byte*, std::size_t,
                                  std::uint8_t*);

    template <std::size_t Stride, std::size_t... Output>
    static DepthwiseRun depthwise_tile_of(std::size_t pixels, std::index_sequence<Output...>)
    {
        static constexpr DepthwiseRun runs[] = {&DepthwiseTile<Output + 1>::template run<Stride>...};
        return runs[pixels - 1];
    }

    // Block by block, and row by row in tiles of almost equal width.
    template <std::size_t Stride>
    static void depthwise_rows(const DepthwiseProduct& product)
    {
        constexpr std::size_t widest = Simd::depthwise_tile;
        const std::size_t tiles = (product.pixels + widest - 1) / widest;
        const std::size_t quads = product.kernel * ((product.kernel + quad - 1) / quad);
        for (std::size_t channel = 0; channel < product.channels; channel += block_channels) {
            const std::byte* const weights =
                product.weights + channel / block_channels * quads * layout.bytes_of_quad();
            for (std::size_t row = 0; row < product.rows; ++row) {
                const std::uint8_t* const codes = product.codes + row * product.row_stride + channel;
                std::uint8_t* const out = product.out + row * product.out_row_stride + channel;
                for (std::size_t index = 0, pixel = 0; index < tiles; ++index) {
                    const std::size_t end = product.pixels * (index + 1) / tiles;
                    const DepthwiseRun run = depthwise_tile_of<Stride>(end - pixel, std::make_index_sequence<widest>{});
                    run(product, codes + pixel * product.pixel_stride, weights, channel,
                        out + pixel * product.out_pixel_stride);
                    pixel = end;
                }
            }
        }
    }

    static void depthwise_product(const DepthwiseProduct& product)
    {
        if (product.kernel == 3 && product.pixel_stride == product.tap_stride)
            depthwise_rows<1>(product);
        else if (product.kernel == 3 && product.pixel_stride == 2 * product.tap_stride)
            depthwise_rows<2>(product);
        else
            depthwise_rows<0>(product);
    }

    // Calls codes_of(place, register) for each block of a run of codes, and stores what it gives.
    template <class CodesOf>
    [[gnu::always_inline]] static void store_run(std::size_t count, std::uint8_t* out, const CodesOf& codes_of)
    {
        for (std::size_t i = 0; i < count; i += block_channels) {
            Integers codes[block_registers];
#pragma GCC unroll 4
            for (std::size_t r = 0; r < block_registers; ++r) codes[r] = codes_of(i + r * lanes);
            store(out + i, codes, count - i);
        }
    }

    static void add(const Addition& addition, const std::uint8_t* first, const std::uint8_t* second, std::size_t count,
                    std::uint8_t* out)
    {
        const auto bounds = bounds_of(addition.range, addition.out.zero_point);
        const auto reals = [](const Addition::Term& term, const std::uint8_t* codes) {
            return __builtin_convertvector(Simd::lanes_of(codes) - term.zero_point, Floats) * term.scale;
        };
        store_run(count, out, [&](std::size_t i) {
            return code((reals(addition.first, first + i) + reals(addition.second, second + i)) / addition.out.scale,
                        bounds, addition.out.zero_point);
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
            return code(__builtin_convertvector(sum, Floats) / count, {0, 255}, 0);
        });
    }

    static void quantize(const float* values, std::size_t count, float scale, std::int32_t zero_point,
                         std::uint8_t* codes)
    {
        const auto bounds = bounds_of({}, zero_point);
        const auto block = [&](const float* from, std::uint8_t* to) {
            Integers quantized[block_registers];
#pragma GCC unroll 4
            for (std::size_t r = 0; r < block_registers; ++r)
                quantized[r] = code(load<Floats>(from + r * lanes) / scale, bounds, zero_point);
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

    static constexpr Kernels table{layout, &product<1>, &product<2>, &depthwise_product, &add, &mean, &quantize};
};

}  // namespace fedgram::learning::int8
