#pragma once

#include <span>

namespace fedgram::coordinator {

/// The largest magnitude among the values, 0 of none; NaN where one of them is NaN.
[[nodiscard]] float peak(std::span<const float> values);

}  // namespace fedgram::coordinator
