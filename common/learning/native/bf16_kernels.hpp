#pragma once

#include <cstddef>
#include <string>

#include "common/learning/native/kernels.hpp"

namespace fedgram::learning::native {

/// Products of bfloat16 with sums in float32, by AVX-512's vdpbf16ps. Two bfloat16 stand where a float would, the first
/// in its lower half: a pair. Numbers are rounded to the nearest (ties to even), and subnormal ones count as zero.
struct Bf16Kernels {
    /// As those of Kernels, with pairs in a and b: k counts pairs, and each adds the product of its second numbers and
    /// then that of its first.
    void (*product)(const Product&);
    void (*transposed_product)(const Product&);

    /// out[i] = in[2 i] and in[2 i + 1], for `count` numbers; behind an odd last one stands a zero.
    void (*pair_neighbours)(const float* in, std::size_t count, float* out);
    /// out[i][j] = in[2 i][j] and in[2 i + 1][j]; behind an odd last row stand zeros.
    void (*pair_rows)(const float* in, std::size_t rows, std::size_t columns, std::size_t in_stride, float* out,
                      std::size_t out_stride);
};

/// How many pairs so many numbers are.
[[nodiscard, gnu::always_inline]] constexpr std::size_t pairs_of(std::size_t numbers) { return (numbers + 1) / 2; }

/// Multiplies by the pairs of neighbours in a and of rows in b what a product says in floats. Each run of its k starts
/// and ends between two pairs.
struct PairedProduct {
    void (*product)(const Product&);
    const float* a;        ///< as floats,
    const float* a_pairs;  ///< and as pairs
    const float* b;
    const float* b_pairs;

    void operator()(Product of_floats) const
    {
        of_floats.a = a_pairs + (of_floats.a - a) / 2;
        of_floats.a_row_stride /= 2;
        of_floats.segment_stride /= 2;
        of_floats.segment_length /= 2;
        of_floats.b = b_pairs + (of_floats.b - b) / 2;
        product(of_floats);
    }
};

/// Null where this program or this CPU lacks them.
[[nodiscard]] const Bf16Kernels* bf16_kernels();

/// Why there are none here, and the way out; empty where there are.
[[nodiscard]] std::string missing_for_bf16();

}  // namespace fedgram::learning::native
