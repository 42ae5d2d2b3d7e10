#pragma once

#include <span>

namespace fedgram::learning {

// Sums of many values in double precision, in one order on every CPU.

[[nodiscard]] double l1_norm(std::span<const float> values);
[[nodiscard]] double l2_norm(std::span<const float> values);

/// The L2 norm of the difference of two models of equal size.
[[nodiscard]] double l2_distance(std::span<const float> a, std::span<const float> b);

}  // namespace fedgram::learning
