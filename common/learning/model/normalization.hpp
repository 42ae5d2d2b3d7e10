#pragma once

namespace fedgram::learning {

// PyTorch's defaults, which are the only ones here.

/// Added to a variance before its root.
inline constexpr double normalization_epsilon = 1e-5;
/// How much of the newest batch's mean and variance enters the running ones.
inline constexpr double batch_norm_momentum = 0.1;

}  // namespace fedgram::learning
