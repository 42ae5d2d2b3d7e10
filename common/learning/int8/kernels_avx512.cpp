#include <immintrin.h>

#include "common/learning/int8/quads_of_rows.hpp"
#include "common/learning/int8/simd_kernels.hpp"

namespace fedgram::learning::int8 {

namespace {

struct Avx512 {
    using Integers [[gnu::vector_size(64)]] = std::int32_t;
    using Floats [[gnu::vector_size(64)]] = float;
    using Bytes [[gnu::vector_size(16)]] = std::uint8_t;
    struct Pairs {
        __m512i even;
        __m512i odd;
    };
    using Codes = Pairs;
    using Weights = Pairs;
    static constexpr std::size_t lanes = 16;
    static constexpr bool widened = true;
    static constexpr std::size_t group_blocks = 2;
    static constexpr std::size_t pixel_tile = 10;  // x 2 registers = 20 sums, of 32 registers
    static constexpr std::size_t pooled_tile = 2;  // x 4 pixels
    static constexpr std::size_t depthwise_tile = 8;

    static Codes broadcast(std::int32_t quad) { return pairs(_mm512_set1_epi32(quad)); }
    static Codes column(const std::uint8_t* a, const std::uint8_t* b, const std::uint8_t* c, const std::uint8_t* d,
                        std::size_t)
    {
        return pairs(quads_of_rows(a, b, c, d));
    }
    static Codes pairs(__m512i codes)
    {
        return {_mm512_and_si512(codes, _mm512_set1_epi16(0xff)), _mm512_srli_epi16(codes, 8)};
    }
    static Weights weights(const std::byte* block, std::size_t)
    {
        return {_mm512_loadu_si512(block), _mm512_loadu_si512(block + 64)};
    }
    // Products of 16 bits, each pair summed in 32: nothing saturates, as it would in vpmaddubsw.
    static Integers multiply_add(Integers sums, Codes codes, Weights weights)
    {
        const __m512i pairs =
            _mm512_add_epi32(_mm512_madd_epi16(codes.even, weights.even), _mm512_madd_epi16(codes.odd, weights.odd));
        sums += reinterpret_cast<Integers>(pairs);
        // Keeps the compiler from adding up the pairs of many quads first, for which there are too few registers.
        asm("" : "+v"(sums));
        return sums;
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

const Kernels& avx512_kernels() { return SimdKernels<Avx512>::table; }

}  // namespace fedgram::learning::int8
