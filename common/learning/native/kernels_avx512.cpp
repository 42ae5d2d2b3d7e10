#include <immintrin.h>

#include "common/learning/native/simd_kernels.hpp"

namespace fedgram::learning::native {

namespace {

struct Avx512 {
    using Register [[gnu::vector_size(64)]] = float;
    using Integers [[gnu::vector_size(64)]] = std::int32_t;
    using Bytes [[gnu::vector_size(16)]] = std::uint8_t;
    static constexpr std::size_t lanes = 16;
    static constexpr std::size_t row_tile = 14;  // x 2 blocks = 28 sums, of 32 registers
    static constexpr std::size_t block_tile = 2;
    static constexpr std::size_t window_registers = 24;
    static Register broadcast(float value) { return _mm512_set1_ps(value); }
    static Register multiply_add(Register a, Register b, Register c) { return _mm512_fmadd_ps(a, b, c); }
    static void store_first(float* to, Register value, std::size_t count)
    {
        _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1U << count) - 1), value);
    }
};

}  // namespace

const Kernels& avx512_kernels() { return SimdKernels<Avx512>::table; }

}  // namespace fedgram::learning::native
