#include "common/learning/codec/kept_indices.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstddef>
#include <functional>

namespace fedgram::learning {

namespace {

// Without their sign, floats are ordered as their bits are.
std::uint32_t magnitude_bits(float value) { return std::bit_cast<std::uint32_t>(value) & 0x7fffffff; }

}  // namespace

std::vector<std::uint32_t> largest_magnitudes(std::span<const float> values, std::uint32_t count)
{
    assert(count > 0 && count <= values.size());
    std::vector<std::uint32_t> magnitudes(values.size());
    std::ranges::transform(values, magnitudes.begin(), magnitude_bits);
    const auto last = magnitudes.begin() + static_cast<std::ptrdiff_t>(count - 1);
    std::nth_element(magnitudes.begin(), last, magnitudes.end(), std::greater{});
    const auto smallest = *last;
    // All that are larger stand before it.
    auto equal_ones = std::count(magnitudes.begin(), last + 1, smallest);
    std::vector<std::uint32_t> indices;
    indices.reserve(count);
    for (std::uint32_t i = 0; i < values.size(); ++i) {
        const auto magnitude = magnitude_bits(values[i]);
        if (magnitude > smallest || (magnitude == smallest && equal_ones-- > 0)) indices.push_back(i);
    }
    return indices;
}

std::vector<std::uint32_t> random_indices(Stream& random, std::uint32_t count, std::uint32_t parameters)
{
    constexpr std::uint32_t word_bits = 64;
    std::vector<std::uint64_t> taken(parameters / word_bits + 1);
    const auto take = [&](std::uint64_t index) {
        const auto bit = std::uint64_t{1} << index % word_bits;
        const bool is_new = (taken[index / word_bits] & bit) == 0;
        taken[index / word_bits] |= bit;
        return is_new;
    };
    // Robert Floyd's sampling (Bentley and Floyd 1987, "A sample of brilliance").
    for (std::uint64_t last = parameters - count; last < parameters; ++last)
        if (!take(random.below(last + 1))) take(last);
    std::vector<std::uint32_t> indices;
    indices.reserve(count);
    for (std::uint32_t word = 0; word < taken.size(); ++word)
        for (auto bits = taken[word]; bits != 0; bits &= bits - 1)
            indices.push_back(word * word_bits + static_cast<std::uint32_t>(std::countr_zero(bits)));
    return indices;
}

}  // namespace fedgram::learning
