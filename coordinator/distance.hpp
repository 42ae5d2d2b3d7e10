#pragma once

#include <span>

namespace fedgram::coordinator {

/// The L2 norm of the difference of two models of equal size, summed in double precision.
[[nodiscard]] double distance(std::span<const float> a, std::span<const float> b);

}  // namespace fedgram::coordinator
