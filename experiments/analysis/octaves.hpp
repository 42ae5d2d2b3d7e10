#pragma once

#include <cmath>

namespace fedgram::experiments::analysis {

/// How many octaves a number above 0 lies over 1: exact for powers of two and straight between them, so that it is the
/// same on every processor.
[[nodiscard]] inline double octaves(double number)
{
    int exponent = 0;
    const double mantissa = std::frexp(number, &exponent);  // from 0.5 to 1
    return exponent - 2 + 2 * mantissa;
}

}  // namespace fedgram::experiments::analysis
