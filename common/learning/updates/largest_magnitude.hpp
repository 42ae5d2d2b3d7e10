#pragma once

#include <span>

namespace fedgram::learning {

/// The largest magnitude among the values, 0 of none; NaN where one of them is NaN.
[[nodiscard]] float largest_magnitude(std::span<const float> values);

}  // namespace fedgram::learning
