#include <immintrin.h>

#include "common/learning/int8/simd_kernels.hpp"

namespace fedgram::learning::int8 {

namespace {

struct Avx512Vnni {
    using Integers [[gnu::vector_size(64)]] = std::int32_t;
    using Floats [[gnu::vector_size(64)]] = float;
    using Bytes [[gnu::vector_size(16)]] = std::uint8_t;
    using Codes = __m512i;
    using Weights = __m512i;
    static constexpr std::size_t lanes = 16;
    static constexpr bool widened = false;
    static constexpr std::size_t group_blocks = 2;
    static constexpr std::size_t pixel_tile = 12;  // x 2 registers = 24 sums, of 32 registers
    static constexpr std::size_t pooled_tile = 3;  // x 4 pixels

    static Codes broadcast(std::int32_t quad) { return _mm512_set1_epi32(quad); }
    static Weights weights(const std::byte* block, std::size_t) { return _mm512_loadu_si512(block); }
    static Integers multiply_add(Integers sums, Codes codes, Weights weights)
    {
        return reinterpret_cast<Integers>(_mm512_dpbusd_epi32(reinterpret_cast<__m512i>(sums), codes, weights));
    }
    static void store(std::uint8_t* out, const Integers (&codes)[1])
    {
        const auto bytes = __builtin_convertvector(codes[0], Bytes);
        __builtin_memcpy(out, &bytes, sizeof bytes);
    }
};

}  // namespace

const Kernels& avx512_vnni_kernels() { return SimdKernels<Avx512Vnni>::table; }

}  // namespace fedgram::learning::int8
