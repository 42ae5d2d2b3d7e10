#include "common/text/number_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace fedgram::text {

std::string shortest(double value)
{
    std::array<char, 32> digits;
    return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr};
}

std::string fixed(double value, int digits)
{
    std::array<char, 400> text;  // the largest double has 309 digits before the point
    return {text.data(),
            std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, digits).ptr};
}

std::string significant(double value, int digits)
{
    if (value == 0 || !std::isfinite(value)) return value == 0 ? "0" : "?";
    // Through scientific notation, so that 9.996 becomes 10.0 and not 10.00.
    std::array<char, 32> text;
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific, digits - 1).ptr;
    double rounded = 0;
    std::from_chars(text.data(), end, rounded);
    const auto exponent = std::find(text.data(), end, 'e') + 1;
    const int magnitude = std::stoi(std::string{exponent, end});
    return fixed(rounded, std::max(0, digits - 1 - magnitude));
}

std::string percent(double fraction)
{
    if (std::isnan(fraction)) return "unknown";
    // 1e-9: 0.9 x 1000 may be stored a hair below 900.
    return fixed(std::floor(fraction * 1000 + 1e-9) / 10, 1) + " %";
}

}  // namespace fedgram::text
