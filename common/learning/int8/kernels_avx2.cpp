#include <immintrin.h>

#include "common/learning/int8/simd_kernels.hpp"

namespace fedgram::learning::int8 {

namespace {

struct Avx2 {
    using Integers [[gnu::vector_size(32)]] = std::int32_t;
    using Floats [[gnu::vector_size(32)]] = float;
    struct Pairs {
        __m256i even;
        __m256i odd;
    };
    using Codes = Pairs;
    using Weights = Pairs;
    static constexpr std::size_t lanes = 8;
    static constexpr bool widened = true;
    static constexpr std::size_t group_blocks = 1;
    static constexpr std::size_t pixel_tile = 4;   // x 2 registers = 8 sums, of 16 registers
    static constexpr std::size_t pooled_tile = 1;  // x 4 pixels
    static constexpr std::size_t depthwise_tile = 4;

    static Codes broadcast(std::int32_t quad)
    {
        const __m256i codes = _mm256_set1_epi32(quad);
        return {_mm256_and_si256(codes, _mm256_set1_epi16(0xff)), _mm256_srli_epi16(codes, 8)};
    }
    static Codes column(const std::uint8_t* a, const std::uint8_t* b, const std::uint8_t* c, const std::uint8_t* d,
                        std::size_t index)
    {
        const auto pairs = [&](const std::uint8_t* first, const std::uint8_t* second) {
            return _mm256_cvtepu8_epi16(
                _mm_unpacklo_epi8(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(first + index * lanes)),
                                  _mm_loadl_epi64(reinterpret_cast<const __m128i*>(second + index * lanes))));
        };
        return {pairs(a, c), pairs(b, d)};
    }
    static Weights weights(const std::byte* block, std::size_t index)
    {
        const auto* const even = reinterpret_cast<const __m256i*>(block) + index;
        return {_mm256_loadu_si256(even), _mm256_loadu_si256(even + 2)};
    }
    // Products of 16 bits, each pair summed in 32: nothing saturates, as it would in vpmaddubsw.
    static Integers multiply_add(Integers sums, Codes codes, Weights weights)
    {
        const __m256i pairs =
            _mm256_add_epi32(_mm256_madd_epi16(codes.even, weights.even), _mm256_madd_epi16(codes.odd, weights.odd));
        sums += reinterpret_cast<Integers>(pairs);
        // Keeps the compiler from adding up the pairs of many quads first, for which there are too few registers.
        asm("" : "+v"(sums));
        return sums;
    }
    static Integers lanes_of(const std::uint8_t* codes)
    {
        return reinterpret_cast<Integers>(
            _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(codes))));
    }
    static void store(std::uint8_t* out, const Integers (&codes)[2])
    {
        // Packing goes by halves of a register: 0 to 3, 8 to 11, 4 to 7, 12 to 15.
        const __m256i words =
            _mm256_packus_epi32(reinterpret_cast<__m256i>(codes[0]), reinterpret_cast<__m256i>(codes[1]));
        const __m256i in_order = _mm256_permute4x64_epi64(words, 0xd8);
        const __m128i bytes = _mm_packus_epi16(_mm256_castsi256_si128(in_order), _mm256_extracti128_si256(in_order, 1));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(out), bytes);
    }
};

}  // namespace

const Kernels& avx2_kernels() { return SimdKernels<Avx2>::table; }

}  // namespace fedgram::learning::int8
