#include <immintrin.h>

#include "common/learning/native/bf16_kernels.hpp"
#include "common/learning/native/simd_products.hpp"

namespace fedgram::learning::native {

namespace {

struct Avx512Bf16 {
    using Register [[gnu::vector_size(64)]] = float;
    static constexpr std::size_t lanes = 16;
    static constexpr std::size_t row_tile = 14;  // x 2 blocks = 28 sums, of 32 registers
    static constexpr std::size_t block_tile = 2;
    static Register broadcast(float value) { return _mm512_set1_ps(value); }
    static Register multiply_add(Register a, Register b, Register c)
    {
        return _mm512_dpbf16_ps(c, reinterpret_cast<__m512bh>(a), reinterpret_cast<__m512bh>(b));
    }
    static void store_first(float* to, Register value, std::size_t count)
    {
        _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1U << count) - 1), value);
    }
};

constexpr std::size_t lanes = Avx512Bf16::lanes;

__mmask16 first(std::size_t count) { return count >= lanes ? 0xFFFF : static_cast<__mmask16>((1U << count) - 1); }

void pair_neighbours(const float* in, std::size_t count, float* out)
{
    for (std::size_t i = 0; i < count; i += 2 * lanes) {
        const std::size_t left = count - i;
        const __m512 low = _mm512_maskz_loadu_ps(first(left), in + i);
        const __m512 high = left > lanes ? _mm512_maskz_loadu_ps(first(left - lanes), in + i + lanes) : __m512{};
        const auto rounded = reinterpret_cast<__m512>(_mm512_cvtne2ps_pbh(high, low));
        _mm512_mask_storeu_ps(out + i / 2, first(pairs_of(left)), rounded);
    }
}

void pair_rows(const float* in, std::size_t rows, std::size_t columns, std::size_t in_stride, float* out,
               std::size_t out_stride)
{
    // From the first numbers in the lower half and the second ones in the upper to pairs.
    alignas(64) static constexpr std::uint16_t order[32] = {0,  16, 1,  17, 2,  18, 3,  19, 4,  20, 5,
                                                            21, 6,  22, 7,  23, 8,  24, 9,  25, 10, 26,
                                                            11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
    const __m512i to_pairs = _mm512_load_si512(order);
    for (std::size_t row = 0; row < rows; row += 2) {
        const float* const from = in + row * in_stride;
        float* const to = out + row / 2 * out_stride;
        const bool is_pair = row + 1 < rows;
        for (std::size_t i = 0; i < columns; i += lanes) {
            const __mmask16 present = first(columns - i);
            const __m512 low = _mm512_maskz_loadu_ps(present, from + i);
            const __m512 high = is_pair ? _mm512_maskz_loadu_ps(present, from + in_stride + i) : __m512{};
            const auto rounded = reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high, low));
            _mm512_mask_storeu_ps(to + i, present,
                                  reinterpret_cast<__m512>(_mm512_permutexvar_epi16(to_pairs, rounded)));
        }
    }
}

}  // namespace

const Bf16Kernels& avx512_bf16_kernels()
{
    static constexpr Bf16Kernels table{.product = &SimdProducts<Avx512Bf16>::product<false>,
                                       .transposed_product = &SimdProducts<Avx512Bf16>::product<true>,
                                       .pair_neighbours = &pair_neighbours,
                                       .pair_rows = &pair_rows};
    return table;
}

}  // namespace fedgram::learning::native
