#pragma once

#include <cstdint>

// For files that are compiled for AVX-512 alone. Nothing here is shared by the linker.
#ifdef __AVX512BW__
#include <immintrin.h>

namespace fedgram::learning::int8 {

namespace {

/// A column's codes of 16 channels: each lane has its channel's in four rows. First a row is a quarter of the register,
/// then a quarter has four channels, row by row.
[[gnu::always_inline]] inline __m512i quads_of_rows(const std::uint8_t* a, const std::uint8_t* b, const std::uint8_t* c,
                                                    const std::uint8_t* d)
{
    const auto row = [](const std::uint8_t* from) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from)); };
    const __m512i rows = _mm512_inserti32x4(
        _mm512_inserti32x4(_mm512_inserti32x4(_mm512_castsi128_si512(row(a)), row(b), 1), row(c), 2), row(d), 3);
    const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    const __m128i bytes = _mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    // The forms without a mask make GCC 12 warn of what isn't set, which they overwrite (its bug 105593).
    return _mm512_shuffle_epi8(_mm512_maskz_permutexvar_epi32(0xffff, order, rows),
                               _mm512_maskz_broadcast_i32x4(0xffff, bytes));
}

}  // namespace

}  // namespace fedgram::learning::int8
#endif
