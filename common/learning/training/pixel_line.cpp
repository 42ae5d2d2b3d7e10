#include "common/learning/training/pixel_line.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace fedgram::learning {

// In single precision, as the sum of two terms. byte * high + high' is exact, since both are multiples of one power of
// two. byte * low + low' is so small that its rounding seldom shows in the sum; is_exact() finds out where it does. It
// is written by hand, because the compiler converts bytes to floats through every width between, in more than twice the
// time.
struct SinglePrecision {
#if defined(__x86_64__)
    [[gnu::target("avx2")]] static void avx2(const PixelLine& line, const std::uint8_t* bytes, std::size_t count,
                                             float* floats)
    {
        const __m256 scale_high = _mm256_set1_ps(line.scale_halves_.high);
        const __m256 scale_low = _mm256_set1_ps(line.scale_halves_.low);
        const __m256 offset_high = _mm256_set1_ps(line.offset_halves_.high);
        const __m256 offset_low = _mm256_set1_ps(line.offset_halves_.low);
        std::size_t i = 0;
        for (; i + 8 <= count; i += 8) {
            const __m256 values = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadu_si64(bytes + i)));
            const __m256 high = _mm256_add_ps(_mm256_mul_ps(values, scale_high), offset_high);
            const __m256 low = _mm256_add_ps(_mm256_mul_ps(values, scale_low), offset_low);
            _mm256_storeu_ps(floats + i, _mm256_add_ps(high, low));
        }
        PixelLine::by_definition(line, bytes + i, count - i, floats + i);
    }

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // GCC 12 warns of what its own intrinsics leave undefined
    [[gnu::target("avx512f")]] static void avx512(const PixelLine& line, const std::uint8_t* bytes, std::size_t count,
                                                  float* floats)
    {
        const __m512 scale_high = _mm512_set1_ps(line.scale_halves_.high);
        const __m512 scale_low = _mm512_set1_ps(line.scale_halves_.low);
        const __m512 offset_high = _mm512_set1_ps(line.offset_halves_.high);
        const __m512 offset_low = _mm512_set1_ps(line.offset_halves_.low);
        std::size_t i = 0;
        for (; i + 16 <= count; i += 16) {
            const __m128i sixteen = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + i));
            const __m512 values = _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(sixteen));
            const __m512 high = _mm512_add_ps(_mm512_mul_ps(values, scale_high), offset_high);
            const __m512 low = _mm512_add_ps(_mm512_mul_ps(values, scale_low), offset_low);
            _mm512_storeu_ps(floats + i, _mm512_add_ps(high, low));
        }
        PixelLine::by_definition(line, bytes + i, count - i, floats + i);
    }
#pragma GCC diagnostic pop
#endif
};

PixelLine::PixelLine(double scale, double offset) : scale_{scale}, offset_{offset}
{
    // No multiple of this that occurs has more than a float's 24 bits.
    const double largest = std::max({std::fabs(255 * scale), std::fabs(offset), std::fabs(255 * scale + offset)});
    const double grid = std::exp2(std::logb(largest) - 23);
    scale_halves_ = halves(scale, grid);
    offset_halves_ = halves(offset, grid);
    static const auto ways = usable();
    function_ = *std::find_if(ways.rbegin(), ways.rend(),
                              [this](Function way) { return way == by_definition || is_exact(way); });
}

PixelLine::Halves PixelLine::halves(double value, double grid)
{
    const double high = std::nearbyint(value / grid) * grid;
    return {static_cast<float>(high), static_cast<float>(value - high)};
}

void PixelLine::by_definition(const PixelLine& line, const std::uint8_t* bytes, std::size_t count, float* floats)
{
    for (std::size_t i = 0; i < count; ++i)
        floats[i] = static_cast<float>(line.scale_ * static_cast<double>(bytes[i]) + line.offset_);
}

std::vector<PixelLine::Function> PixelLine::usable()
{
    std::vector<Function> ways{by_definition};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) ways.push_back(SinglePrecision::avx2);
    if (__builtin_cpu_supports("avx512f")) ways.push_back(SinglePrecision::avx512);
#endif
    return ways;
}

bool PixelLine::is_exact(Function way) const
{
    std::array<std::uint8_t, 256> bytes;
    std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
    std::array<float, 256> expected, given;
    by_definition(*this, bytes.data(), bytes.size(), expected.data());
    way(*this, bytes.data(), bytes.size(), given.data());
    return expected == given;
}

}  // namespace fedgram::learning
