#include <immintrin.h>

#include "common/learning/int8/quads_of_rows.hpp"
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
    static constexpr std::size_t depthwise_tile = 8;

    static Codes broadcast(std::int32_t quad) { return _mm512_set1_epi32(quad); }
    static Codes column(const std::uint8_t* a, const std::uint8_t* b, const std::uint8_t* c, const std::uint8_t* d,
                        std::size_t)
    {
        return quads_of_rows(a, b, c, d);
    }
    static Weights weights(const std::byte* block, std::size_t) { return _mm512_loadu_si512(block); }
    static Integers multiply_add(Integers sums, Codes codes, Weights weights)
    {
        return reinterpret_cast<Integers>(_mm512_dpbusd_epi32(reinterpret_cast<__m512i>(sums), codes, weights));
    }
    static Integers lanes_of(const std::uint8_t* codes)
    {
        // The form without a mask makes GCC 12 warn of what isn't set, which it overwrites (its bug 105593).
        return reinterpret_cast<Integers>(
            _mm512_maskz_cvtepu8_epi32(0xffff, _mm_loadu_si128(reinterpret_cast<const __m128i*>(codes))));
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
