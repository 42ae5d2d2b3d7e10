#pragma once

#include <span>

namespace fedgram::privacy {

// Probabilities and moments far outside of what a double holds, by their natural logarithms.

/// ln (e^a + e^b + ...): minus infinity for none, infinity where one is.
[[nodiscard]] double log_of_sum(std::span<const double> logarithms);

/// ln (e^x - 1) for x > 0.
[[nodiscard]] double log_expm1(double x);

/// ln (1 + e^x).
[[nodiscard]] double log1p_exp(double x);

/// ln of the probability that a standard normal variable is at most `x`, down to the far tail.
[[nodiscard]] double log_normal_probability(double x);

}  // namespace fedgram::privacy
