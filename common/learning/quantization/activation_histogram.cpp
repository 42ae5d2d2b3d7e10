#include "common/learning/quantization/activation_histogram.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fedgram::learning {

namespace {

constexpr int bits_of_half = 11;
static_assert(ActivationHistogram::half == 1U << bits_of_half);

}  // namespace

void ActivationHistogram::add(std::span<const float> values)
{
    if (values.empty()) return;
    make_room(range_of(values, "activation"));
    // A power of two, and no product leaves what double holds: the bin is exact.
    const double bins_per_unit = std::ldexp(1.0, -exponent_);
    for (const float value : values) {
        const auto bin = static_cast<std::ptrdiff_t>(std::floor(static_cast<double>(value) * bins_per_unit));
        ++counts_[static_cast<std::size_t>(bin + static_cast<std::ptrdiff_t>(half))];
    }
}

void ActivationHistogram::merge(const ActivationHistogram& other)
{
    if (!other.range_) return;
    auto part = other;
    make_room(*part.range_);
    part.widen(exponent_);
    for (std::size_t bin = 0; bin < counts_.size(); ++bin) counts_[bin] += part.counts_[bin];
}

void ActivationHistogram::make_room(const ValueRange& values)
{
    range_ = range_ ? joined(*range_, values) : values;
    const float largest = std::max(-range_->min, range_->max);
    if (largest == 0) return;
    int exponent = 0;
    (void)std::frexp(largest, &exponent);  // largest < 2^exponent
    widen(std::max(exponent_, exponent - bits_of_half));
}

void ActivationHistogram::widen(int exponent)
{
    if (exponent == exponent_) return;
    const int shift = std::min(exponent - exponent_, bits_of_half + 1);  // from there on one bin is left on each side
    std::array<std::uint64_t, 2 * half> wider{};
    for (std::size_t bin = 0; bin < counts_.size(); ++bin) {
        // A shift rounds down below 0, too.
        const auto from_zero = static_cast<std::ptrdiff_t>(bin) - static_cast<std::ptrdiff_t>(half);
        wider[static_cast<std::size_t>((from_zero >> shift) + static_cast<std::ptrdiff_t>(half))] += counts_[bin];
    }
    counts_ = wider;
    exponent_ = exponent;
}

double ActivationHistogram::width() const { return std::ldexp(1.0, exponent_); }

std::uint64_t ActivationHistogram::total() const
{
    return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::vector<std::uint64_t> ActivationHistogram::magnitudes() const
{
    std::vector<std::uint64_t> folded(half);
    for (std::size_t bin = 0; bin < half; ++bin) folded[bin] = counts_[half + bin] + counts_[half - 1 - bin];
    return folded;
}

}  // namespace fedgram::learning
