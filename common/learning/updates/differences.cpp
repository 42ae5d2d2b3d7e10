#include "common/learning/updates/differences.hpp"

#include <cassert>
#include <cstddef>

#include "common/vector/loop_for_this_cpu.hpp"

namespace fedgram::learning {

namespace {

constexpr auto additions = [] [[gnu::always_inline]] (float* __restrict values, const float* __restrict addend,
                                                      std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) values[i] += addend[i];
};

constexpr auto subtractions = [] [[gnu::always_inline]] (float* __restrict values, const float* __restrict subtrahend,
                                                         std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) values[i] -= subtrahend[i];
};

}  // namespace

void add(std::span<float> values, std::span<const float> addend)
{
    assert(values.size() == addend.size());
    for_this_cpu<additions>(values.data(), addend.data(), values.size());
}

void subtract(std::span<float> values, std::span<const float> subtrahend)
{
    assert(values.size() == subtrahend.size());
    for_this_cpu<subtractions>(values.data(), subtrahend.data(), values.size());
}

}  // namespace fedgram::learning
