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

constexpr auto sum_of_squares = [] [[gnu::always_inline]] (const float* a, const float* b, std::size_t count) {
    std::array<double, lanes> sums{};
    const auto square = [&](std::size_t i) {
        const double difference = static_cast<double>(a[i]) - static_cast<double>(b[i]);
        return difference * difference;
    };
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += square(i + lane);
    for (; i < count; ++i) sums[i % lanes] += square(i);
    double sum = 0;
    for (const double each : sums) sum += each;
    return sum;
};

}  // namespace

double l2_distance(std::span<const float> a, std::span<const float> b)
{
    assert(a.size() == b.size());
    return std::sqrt(for_this_cpu<sum_of_squares>(a.data(), b.data(), a.size()));
}

}  // namespace fedgram::learning
