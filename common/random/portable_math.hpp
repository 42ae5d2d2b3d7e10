#pragma once

#include <span>

namespace fedgram::portable {

/// Natural logarithm of a finite x > 0 and exponential, from IEEE operations alone, so that the bits are the
/// same on every CPU (the C library picks its own code by CPU). Relative error below 1e-14.
double log(double x);
double exp(double x);

/// The logarithm of each, the same bits as by itself; NaN of NaN, infinity of infinity. `results` has room for as many.
void log(std::span<const float> values, std::span<double> results);

}  // namespace fedgram::portable
