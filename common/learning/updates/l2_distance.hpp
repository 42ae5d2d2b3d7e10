#pragma once

#include <span>

namespace fedgram::learning {

/// The L2 norm of the difference of two models of equal size, summed in double precision.
[[nodiscard]] double l2_distance(std::span<const float> a, std::span<const float> b);

/// The L2 norm of the values, summed in double precision.
[[nodiscard]] double l2_norm(std::span<const float> values);

}  // namespace fedgram::learning
