#include "common/learning/updates/exact_sum.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>

#include "common/learning/updates/largest_magnitude.hpp"
#include "common/vector/loop_for_this_cpu.hpp"

namespace fedgram::learning {

namespace {

// What `high` counts, in units of 2^-64.
constexpr int high_exponent = 43;
constexpr double high_unit = 0x1p43;

// `low` grows by at most 2^42 with an addition, and so stays below 2^62.
constexpr std::uint32_t most_additions = 1U << 20;
// And `high` stays below 2^51: 2^(29 + 64 - 43), and one for the rounding of each addition.
constexpr double most_reach = 0x1p29;
// A float32's 24 bits times such a weight are exact in double.
constexpr std::uint64_t most_weight = 1U << 28;

// Added to an integer below 2^51 in magnitude, makes a double whose last bits are that integer.
constexpr double integer_shift = 0x1.8p52;
constexpr auto integer_shift_bits = std::bit_cast<std::int64_t>(integer_shift);

// A chunk is in the first cache when it is read for the second time.
constexpr std::size_t chunk = 4096;

constexpr auto add_products = [] [[gnu::always_inline]] (const float* __restrict values, double weight,
                                                         std::int64_t* __restrict high, std::int64_t* __restrict low,
                                                         std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        // As in fixed_point(), in one double, since it has no more bits than the value.
        const double product = std::floor(static_cast<double>(values[i]) * 0x1p64) * weight;
        const double shifted_high = product / high_unit + integer_shift;  // rounded to the nearest integer
        const double shifted_low = (product - (shifted_high - integer_shift) * high_unit) + integer_shift;
        high[i] += std::bit_cast<std::int64_t>(shifted_high) - integer_shift_bits;
        low[i] += std::bit_cast<std::int64_t>(shifted_low) - integer_shift_bits;
    }
};

template <class Result>
constexpr auto quotients = [] [[gnu::always_inline]] (const std::int64_t* __restrict high,
                                                      const std::int64_t* __restrict low, double divisor,
                                                      Result* __restrict result, std::size_t count) {
    constexpr std::int64_t half = std::int64_t{1} << (high_exponent - 1);
    // Shifts right only what is positive: vector instructions before AVX-512 know no other shift.
    constexpr std::int64_t offset = std::int64_t{1} << 62;
    for (std::size_t i = 0; i < count; ++i) {
        const auto shifted = static_cast<std::uint64_t>(low[i] + half + offset) >> high_exponent;
        const auto carry = static_cast<std::int64_t>(shifted) - (offset >> high_exponent);
        const auto whole = high[i] + carry;
        const auto rest = low[i] - (carry << high_exponent);
        const double whole_part = std::bit_cast<double>(whole + integer_shift_bits) - integer_shift;
        const double rest_part = std::bit_cast<double>(rest + integer_shift_bits) - integer_shift;
        // Both terms are exact, so that their sum is rounded once, as a 128-bit number that is made a double.
        const double sum = whole_part * high_unit + rest_part;
        result[i] = static_cast<Result>(sum * 0x1p-64 / divisor);
    }
};

// On the wire, as in partial_sum.hpp: 64 and 32 bits of high * 2^43 + low.
constexpr auto join = [] [[gnu::always_inline]] (const std::int64_t* __restrict high,
                                                 const std::int64_t* __restrict low, std::byte* __restrict lower,
                                                 std::byte* __restrict upper, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const auto shifted = static_cast<std::uint64_t>(high[i]) << high_exponent;
        const auto sum = shifted + static_cast<std::uint64_t>(low[i]);
        const std::int64_t carry = sum < shifted ? 1 : 0;
        const auto rest = static_cast<std::int32_t>((high[i] >> (64 - high_exponent)) + (low[i] >> 63) + carry);
        std::memcpy(lower + i * sizeof sum, &sum, sizeof sum);
        std::memcpy(upper + i * sizeof rest, &rest, sizeof rest);
    }
};

// The reverse: `high` is rounded to the nearest, so that `low` is at most 2^42 in magnitude.
constexpr auto add_parts = [] [[gnu::always_inline]] (const std::byte* __restrict lower,
                                                      const std::byte* __restrict upper, std::int64_t* __restrict high,
                                                      std::int64_t* __restrict low, std::size_t count) {
    constexpr std::uint64_t below = (std::uint64_t{1} << high_exponent) - 1;
    for (std::size_t i = 0; i < count; ++i) {
        std::uint64_t sum = 0;
        std::int32_t rest = 0;
        std::memcpy(&sum, lower + i * sizeof sum, sizeof sum);
        std::memcpy(&rest, upper + i * sizeof rest, sizeof rest);
        const auto round = static_cast<std::int64_t>(sum >> (high_exponent - 1)) & 1;
        high[i] += std::int64_t{rest} * (std::int64_t{1} << (64 - high_exponent)) +
                   static_cast<std::int64_t>(sum >> high_exponent) + round;
        low[i] += static_cast<std::int64_t>(sum & below) - (round << high_exponent);
    }
};

/// No sum of it is larger in magnitude.
double reach_of(const std::byte* upper, std::size_t count)
{
    std::int64_t largest = 0;
    for (std::size_t i = 0; i < count; ++i) {
        std::int32_t each = 0;
        std::memcpy(&each, upper + i * sizeof each, sizeof each);
        largest = std::max(largest, std::abs(std::int64_t{each}));
    }
    return static_cast<double>(largest + 1);
}

}  // namespace

void ExactSum::add(std::span<const float> values, std::uint64_t weight)
{
    assert(values.size() == size());
    if (weight > most_weight || ++additions_ > most_additions) widen();
    float largest = 0;
    for (std::size_t first = 0; first < values.size(); first += chunk) {
        const auto part = values.subspan(first, std::min(chunk, values.size() - first));
        if (narrow()) {
            largest = std::max(largest, largest_magnitude(part));
            if (reach_ + static_cast<double>(largest) * static_cast<double>(weight) > most_reach) widen();
        }
        if (narrow())
            for_this_cpu<add_products>(part.data(), static_cast<double>(weight), &high_[first], &low_[first],
                                       part.size());
        else
            for (std::size_t i = 0; i < part.size(); ++i)
                wide_[first + i] += fixed_point(part[i]) * static_cast<std::int64_t>(weight);
    }
    reach_ += static_cast<double>(largest) * static_cast<double>(weight);
}

void ExactSum::add(const PartialSum& part)
{
    assert(part.size() == size());
    if (!part.is_narrow() || ++additions_ > most_additions) widen();
    if (narrow()) {
        const auto* const lower = part.bytes().data();
        const auto* const upper = lower + size() * sizeof(std::uint64_t);
        const double reach = reach_of(upper, size());
        if (reach_ + reach > most_reach) {
            widen();
        } else {
            for_this_cpu<add_parts>(lower, upper, high_.data(), low_.data(), size());
            reach_ += reach;
        }
    }
    if (!narrow())
        for (std::size_t i = 0; i < wide_.size(); ++i) wide_[i] += part[i];
}

void ExactSum::clear()
{
    const auto parameters = size();
    wide_ = {};
    high_.assign(parameters, 0);
    low_.assign(parameters, 0);
    reach_ = 0;
    additions_ = 0;
}

void ExactSum::write(std::vector<float>& words) const
{
    words.resize((narrow() ? PartialSum::narrow_words : PartialSum::wide_words) * size());
    auto* const lower = std::as_writable_bytes(std::span{words}).data();
    auto* const upper = lower + size() * sizeof(std::uint64_t);
    if (narrow()) {
        for_this_cpu<join>(high_.data(), low_.data(), lower, upper, size());
        return;
    }
    for (std::size_t i = 0; i < wide_.size(); ++i) {
        const auto low = static_cast<std::uint64_t>(wide_[i]);
        const auto high = static_cast<std::int64_t>(wide_[i] >> 64);
        std::memcpy(lower + i * sizeof low, &low, sizeof low);
        std::memcpy(upper + i * sizeof high, &high, sizeof high);
    }
}

std::vector<float> ExactSum::over(std::uint64_t divisor) const
{
    std::vector<float> result(size());
    if (narrow())
        for_this_cpu<quotients<float>>(high_.data(), low_.data(), static_cast<double>(divisor), result.data(),
                                       result.size());
    else
        std::ranges::transform(wide_, result.begin(), [divisor](FixedPoint sum) { return quotient(sum, divisor); });
    return result;
}

std::vector<double> ExactSum::precisely_over(std::uint64_t divisor) const
{
    std::vector<double> result(size());
    if (narrow())
        for_this_cpu<quotients<double>>(high_.data(), low_.data(), static_cast<double>(divisor), result.data(),
                                        result.size());
    else
        std::ranges::transform(wide_, result.begin(),
                               [divisor](FixedPoint sum) { return precise_quotient(sum, divisor); });
    return result;
}

void ExactSum::widen()
{
    if (!narrow()) return;
    wide_.resize(high_.size());
    for (std::size_t i = 0; i < wide_.size(); ++i)
        wide_[i] = static_cast<FixedPoint>(high_[i]) * (std::int64_t{1} << high_exponent) + low_[i];
    high_ = {};
    low_ = {};
}

}  // namespace fedgram::learning
