#include "common/learning/updates/norms.hpp"

#include <array>
#include <cassert>
#include <cmath>
#include <cstddef>

#include "common/vector/loop_for_this_cpu.hpp"

namespace fedgram::learning {

namespace {

// Summed in so many sums by turns, for a long vector to hold; a constant, so that no CPU sums in another order.
constexpr std::size_t lanes = 16;

template <class Term>
[[gnu::always_inline]] inline double sum_of(std::size_t count, Term term)
{
    std::array<double, lanes> sums{};
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += term(i + lane);
    for (; i < count; ++i) sums[i % lanes] += term(i);
    double sum = 0;
    for (const double each : sums) sum += each;
    return sum;
}

constexpr auto magnitudes = [] [[gnu::always_inline]] (const float* values, std::size_t count) {
    return sum_of(count,
                  [=] [[gnu::always_inline]] (std::size_t i) { return std::fabs(static_cast<double>(values[i])); });
};

constexpr auto squares = [] [[gnu::always_inline]] (const float* values, std::size_t count) {
    return sum_of(count, [=] [[gnu::always_inline]] (std::size_t i) {
        const auto value = static_cast<double>(values[i]);
        return value * value;
    });
};

constexpr auto squared_differences = [] [[gnu::always_inline]] (const float* a, const float* b, std::size_t count) {
    return sum_of(count, [=] [[gnu::always_inline]] (std::size_t i) {
        const double difference = static_cast<double>(a[i]) - static_cast<double>(b[i]);
        return difference * difference;
    });
};

}  // namespace

double l1_norm(std::span<const float> values) { return for_this_cpu<magnitudes>(values.data(), values.size()); }

double l2_norm(std::span<const float> values) { return std::sqrt(for_this_cpu<squares>(values.data(), values.size())); }

double l2_distance(std::span<const float> a, std::span<const float> b)
{
    assert(a.size() == b.size());
    return std::sqrt(for_this_cpu<squared_differences>(a.data(), b.data(), a.size()));
}

}  // namespace fedgram::learning
