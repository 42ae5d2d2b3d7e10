#include "common/learning/pixel_floats.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace fedgram::learning {

namespace {

void portable(const std::uint8_t* bytes, std::size_t count, double scale, double offset, float* floats)
{
    for (std::size_t i = 0; i < count; ++i)
        floats[i] = static_cast<float>(scale * static_cast<double>(bytes[i]) + offset);
}

#if defined(__x86_64__)

// Widened by hand: the compiler goes from bytes to doubles by way of every width between, in five times the time.

[[gnu::target("avx2")]] void avx2(const std::uint8_t* bytes, std::size_t count, double scale, double offset,
                                  float* floats)
{
    const __m256d scales = _mm256_set1_pd(scale);
    const __m256d offsets = _mm256_set1_pd(offset);
    std::size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        const __m256d values = _mm256_cvtepi32_pd(_mm_cvtepu8_epi32(_mm_loadu_si32(bytes + i)));
        _mm_storeu_ps(floats + i, _mm256_cvtpd_ps(_mm256_add_pd(_mm256_mul_pd(scales, values), offsets)));
    }
    portable(bytes + i, count - i, scale, offset, floats + i);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // GCC 12 warns of what its own intrinsics leave undefined
[[gnu::target("avx512f")]] void avx512(const std::uint8_t* bytes, std::size_t count, double scale, double offset,
                                       float* floats)
{
    const __m512d scales = _mm512_set1_pd(scale);
    const __m512d offsets = _mm512_set1_pd(offset);
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const __m512d values = _mm512_cvtepi32_pd(_mm256_cvtepu8_epi32(_mm_loadu_si64(bytes + i)));
        _mm256_storeu_ps(floats + i, _mm512_cvtpd_ps(_mm512_add_pd(_mm512_mul_pd(scales, values), offsets)));
    }
    portable(bytes + i, count - i, scale, offset, floats + i);
}
#pragma GCC diagnostic pop

#endif

}  // namespace

std::vector<ToFloats> usable_to_floats()
{
    std::vector<ToFloats> usable{portable};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) usable.push_back(avx2);
    if (__builtin_cpu_supports("avx512f")) usable.push_back(avx512);
#endif
    return usable;
}

}  // namespace fedgram::learning
