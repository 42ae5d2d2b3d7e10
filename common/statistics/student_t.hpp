#pragma once

namespace fedgram::statistics {

/// The probability that a variable with Student's t distribution of `degrees` >= 1 degrees of freedom is at most `t`.
/// By the finite sums of Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
[[nodiscard]] double student_t_probability(double t, unsigned degrees);

/// The t at which that is `probability`, in (0, 1): 12.706 for 0.975 and one degree.
[[nodiscard]] double student_t_quantile(double probability, unsigned degrees);

}  // namespace fedgram::statistics
