#include "common/learning/updates/largest_magnitude.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "common/vector/loop_for_this_cpu.hpp"

namespace fedgram::learning {

namespace {

constexpr auto largest_bits = [] [[gnu::always_inline]] (const float* values, std::size_t count) {
    // Without their sign, floats are ordered as their bits are: NaN is above infinity, and that above all others.
    constexpr std::int32_t all_but_the_sign = 0x7fffffff;
    std::int32_t largest = 0;
    for (std::size_t i = 0; i < count; ++i)
        largest = std::max(largest, std::bit_cast<std::int32_t>(values[i]) & all_but_the_sign);
    return largest;
};

}  // namespace

float largest_magnitude(std::span<const float> values)
{
    return std::bit_cast<float>(for_this_cpu<largest_bits>(values.data(), values.size()));
}

}  // namespace fedgram::learning
