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

// Widened by hand: the compiler goes from bytes to doubles by way of every width between, in three times the time.
[[gnu::target("avx2"), gnu::always_inline]] inline void by_eights(const std::uint8_t* bytes, std::size_t count,
                                                                  double scale, double offset, float* floats)
{
    using Integers [[gnu::vector_size(32)]] = std::int32_t;
    using Doubles [[gnu::vector_size(64)]] = double;
    using Floats [[gnu::vector_size(32)]] = float;
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const auto values = reinterpret_cast<Integers>(_mm256_cvtepu8_epi32(_mm_loadu_si64(bytes + i)));
        const Doubles line = scale * __builtin_convertvector(values, Doubles) + offset;
        const Floats rounded = __builtin_convertvector(line, Floats);
        __builtin_memcpy(floats + i, &rounded, sizeof rounded);
    }
    portable(bytes + i, count - i, scale, offset, floats + i);
}

[[gnu::target("avx2")]] void avx2(const std::uint8_t* bytes, std::size_t count, double scale, double offset,
                                  float* floats)
{
    by_eights(bytes, count, scale, offset, floats);
}

[[gnu::target("avx512f,avx512dq,avx512vl")]] void avx512(const std::uint8_t* bytes, std::size_t count, double scale,
                                                         double offset, float* floats)
{
    by_eights(bytes, count, scale, offset, floats);
}

#endif

}  // namespace

std::vector<ToFloats> usable_to_floats()
{
    std::vector<ToFloats> usable{portable};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) usable.push_back(avx2);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        usable.push_back(avx512);
#endif
    return usable;
}

}  // namespace fedgram::learning
