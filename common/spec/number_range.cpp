#include "common/spec/number_range.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace fedgram::spec {

namespace {

std::string number_text(double value)
{
    // The shortest of all would write a million as 1e+06.
    const bool plain = value > 1e-4 && value < 1e9;
    std::array<char, 32> digits;
    const auto end = digits.data() + digits.size();
    return {digits.data(), plain ? std::to_chars(digits.data(), end, value, std::chars_format::fixed).ptr
                                 : std::to_chars(digits.data(), end, value).ptr};
}

}  // namespace

bool NumberRange::contains(double value) const
{
    return std::isfinite(value) && (value > low || (value == low && low_end == Low::included)) &&
           (!high || value < *high || (value == *high && high_end == High::included));
}

std::string NumberRange::text() const
{
    if (!words.empty()) return std::string{words};
    if (!high)
        return low_end == Low::included ? "a number of at least " + number_text(low)
                                        : "a number above " + number_text(low);
    return "a number " + std::string{low_end == Low::included ? "from " : "above "} + number_text(low) + " to " +
           (high_end == High::included ? "" : "below ") + number_text(*high);
}

}  // namespace fedgram::spec
