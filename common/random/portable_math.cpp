#include "common/random/portable_math.hpp"

#include <bit>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "common/vector/loop_for_this_cpu.hpp"

namespace fedgram::portable {

namespace {

// ln 2 in two parts, so that k * ln2_high is exact for |k| < 2^11 (W. J. Cody and W. Waite, 1980).
constexpr double ln2_high = 6.93147180369123816490e-01;
constexpr double ln2_low = 1.90821492927058770002e-10;

// ln (mantissa 2^exponent) for a mantissa from 0.5 to 1.
[[gnu::always_inline]] inline double log_of(double mantissa, double exponent)
{
    const bool small = mantissa < 0.70710678118654752;
    mantissa = small ? mantissa * 2 : mantissa;
    exponent = small ? exponent - 1 : exponent;
    // ln m = 2 atanh(s), s = (m - 1) / (m + 1), |s| <= 0.1716: the series' term 23 is below 1e-18.
    const double s = (mantissa - 1) / (mantissa + 1);
    const double s2 = s * s;
    double sum = 0;
    for (int k = 21; k >= 1; k -= 2) sum = sum * s2 + 1.0 / k;
    return exponent * ln2_high + (exponent * ln2_low + 2 * s * sum);
}

constexpr auto logs = [] [[gnu::always_inline]] (const float* values, std::size_t count, double* results) {
    constexpr std::uint64_t mantissa_bits = 0x000fffffffffffff;
    constexpr std::uint64_t half = 0x3fe0000000000000;  // the exponent of numbers from 0.5 to 1
    for (std::size_t i = 0; i < count; ++i) {
        const double x = values[i];  // normal, as all floats are in double
        const auto bits = std::bit_cast<std::uint64_t>(x);
        const auto exponent = static_cast<std::int64_t>(bits >> 52) - 1022;
        const double result =
            log_of(std::bit_cast<double>((bits & mantissa_bits) | half), static_cast<double>(exponent));
        results[i] = x < std::numeric_limits<double>::infinity() ? result : x;
    }
};

}  // namespace

double log(double x)
{
    int exponent = 0;
    const double mantissa = std::frexp(x, &exponent);  // exact: only moves bits
    return log_of(mantissa, exponent);
}

void log(std::span<const float> values, std::span<double> results)
{
    assert(results.size() >= values.size());
    for_this_cpu<logs>(values.data(), values.size(), results.data());
}

double exp(double x)
{
    if (x < -745) return 0;
    if (x > 709) return std::ldexp(1.7976931348623157, 1023);
    const double k = std::floor(x / (ln2_high + ln2_low) + 0.5);
    const double r = (x - k * ln2_high) - k * ln2_low;  // |r| <= 0.347: term 17 is below 1e-22
    double sum = 1;
    for (int n = 17; n >= 1; --n) sum = 1 + r * sum / n;
    return std::ldexp(sum, static_cast<int>(k));
}

}  // namespace fedgram::portable
