#include <immintrin.h>

#include "common/learning/native/simd_kernels.hpp"

namespace fedgram::learning::native {

namespace {

struct Avx2 {
    using Register [[gnu::vector_size(32)]] = float;
    using Integers [[gnu::vector_size(32)]] = std::int32_t;
    using Bytes [[gnu::vector_size(8)]] = std::uint8_t;
    static constexpr std::size_t lanes = 8;
    static constexpr std::size_t row_tile = 6;  // x 2 registers = 12 sums, of 16 registers
    static constexpr std::size_t block_tile = 1;
    static constexpr std::size_t window_registers = 12;
    static Register broadcast(float value) { return _mm256_set1_ps(value); }
    static Register multiply_add(Register a, Register b, Register c) { return _mm256_fmadd_ps(a, b, c); }
    static void store_first(float* to, Register value, std::size_t count)
    {
        alignas(32) static constexpr std::int32_t ones_then_zeros[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
        const auto* const at = reinterpret_cast<const __m256i*>(ones_then_zeros + lanes - count);
        _mm256_maskstore_ps(to, _mm256_loadu_si256(at), value);
    }
};

}  // namespace

const Kernels& avx2_kernels() { return SimdKernels<Avx2>::table; }

}  // namespace fedgram::learning::native
