#pragma once

#include <span>

namespace fedgram::learning {

/// The L2 norm of the difference of two models of equal size, summed in double precision.
[[nodiscard]] double l2_distance(std::span<const float> a, std::span<const float> b);

}  // namespace fedgram::learning
