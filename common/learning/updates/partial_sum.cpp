#include "common/learning/updates/partial_sum.hpp"

#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>

namespace fedgram::learning {

static_assert(std::endian::native == std::endian::little, "a sum is read as it lies on the wire");

namespace {

template <class Integer>
Integer integer_at(const std::byte* bytes, std::size_t index)
{
    Integer value;
    std::memcpy(&value, bytes + index * sizeof value, sizeof value);
    return value;
}

// Summed in so many sums by turns, so that additions needn't wait for one another; a constant, for the same bits.
constexpr std::size_t lanes = 8;

}  // namespace

std::optional<PartialSum> PartialSum::read(std::span<const float> words, std::size_t parameters)
{
    if (words.size() != narrow_words * parameters && words.size() != wide_words * parameters) return std::nullopt;
    return PartialSum{words, parameters};
}

FixedPoint PartialSum::operator[](std::size_t parameter) const
{
    const auto* const lower = bytes().data();
    const auto* const upper = lower + size_ * sizeof(std::uint64_t);
    const FixedPoint high =
        is_narrow() ? integer_at<std::int32_t>(upper, parameter) : integer_at<std::int64_t>(upper, parameter);
    return high * (FixedPoint{1} << 64) + integer_at<std::uint64_t>(lower, parameter);
}

double PartialSum::distance_of_mean(std::uint64_t weight, std::span<const float> model) const
{
    assert(model.size() == size_);
    const auto* const lower = bytes().data();
    const auto* const upper = lower + size_ * sizeof(std::uint64_t);
    const auto divisor = static_cast<double>(weight);
    std::array<double, lanes> squares{};
    const auto add = [&](std::size_t i, double high) {
        const double sum = high + static_cast<double>(integer_at<std::uint64_t>(lower, i)) * 0x1p-64;
        const double difference = sum / divisor - static_cast<double>(model[i]);
        squares[i % lanes] += difference * difference;
    };
    if (is_narrow())
        for (std::size_t i = 0; i < size_; ++i) add(i, integer_at<std::int32_t>(upper, i));
    else
        for (std::size_t i = 0; i < size_; ++i) add(i, static_cast<double>(integer_at<std::int64_t>(upper, i)));
    double sum = 0;
    for (const double each : squares) sum += each;
    return std::sqrt(sum);
}

}  // namespace fedgram::learning
