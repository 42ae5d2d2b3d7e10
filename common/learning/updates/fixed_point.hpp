#pragma once

#include <cmath>
#include <cstdint>

namespace fedgram::learning {

/// 128 bits, 64 of them behind the point. Addition is exact, so a sum is the same for every order of its terms.
__extension__ using FixedPoint = __int128;

/// What a value must stay below in magnitude, so that the sum of 2^31 of them can't overflow.
inline constexpr float fixed_point_limit = 0x1p31f;

/// `value` must be finite and below fixed_point_limit.
[[nodiscard]] inline FixedPoint fixed_point(float value)
{
    // Exact in double but for what lies below 2^-64, which is rounded the same way whatever the order.
    return static_cast<FixedPoint>(std::floor(static_cast<double>(value) * 0x1p64));
}

/// `sum` over `divisor` > 0, the sum and the quotient each rounded to double.
[[nodiscard]] inline double precise_quotient(FixedPoint sum, std::uint64_t divisor)
{
    return static_cast<double>(sum) * 0x1p-64 / static_cast<double>(divisor);
}

/// The same, rounded to float32.
[[nodiscard]] inline float quotient(FixedPoint sum, std::uint64_t divisor)
{
    return static_cast<float>(precise_quotient(sum, divisor));
}

}  // namespace fedgram::learning
