#include "common/learning/updates/l2_distance.hpp"

#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>

#include "common/vector/loop_for_this_cpu.hpp"

namespace fedgram::learning {

namespace {

// Summed in so many sums by turns, for a long vector to hold; a constant, so that no CPU sums in another order.
constexpr std::size_t lanes = 16;

constexpr auto sum_of_squares = [] [[gnu::always_inline]] (auto value, std::size_t count) {
    std::array<double, lanes> sums{};
    const auto square = [&](std::size_t i) {
        const double each = value(i);
        return each * each;
    };
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += square(i + lane);
    for (; i < count; ++i) sums[i % lanes] += square(i);
    double sum = 0;
    for (const double each : sums) sum += each;
    return sum;
};

constexpr auto squared_distance = [] [[gnu::always_inline]] (const float* a, const float* b, std::size_t count) {
    return sum_of_squares([=](std::size_t i) { return static_cast<double>(a[i]) - static_cast<double>(b[i]); }, count);
};

constexpr auto squared_norm = [] [[gnu::always_inline]] (const float* values, std::size_t count) {
    return sum_of_squares([=](std::size_t i) { return static_cast<double>(values[i]); }, count);
};

}  // namespace

double l2_distance(std::span<const float> a, std::span<const float> b)
{
    assert(a.size() == b.size());
    return std::sqrt(for_this_cpu<squared_distance>(a.data(), b.data(), a.size()));
}

double l2_norm(std::span<const float> values)
{
    return std::sqrt(for_this_cpu<squared_norm>(values.data(), values.size()));
}

}  // namespace fedgram::learning
