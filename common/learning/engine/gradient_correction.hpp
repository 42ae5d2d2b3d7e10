#pragma once

#include <span>

namespace fedgram::learning {

/// What a federated strategy adds to the gradient of each local step, at parameters w:
///
///     linear + proximal (w - origin)
///
/// the gradient of <linear, w> + (proximal / 2) ||w - origin||^2. It acts before momentum and weight decay.
struct GradientCorrection {
    std::span<const float> linear{};  ///< of the model's size; empty: none
    double proximal = 0;
    std::span<const float> origin{};  ///< of the model's size, where `proximal` isn't 0

    [[nodiscard]] bool is_none() const { return linear.empty() && proximal == 0; }
};

}  // namespace fedgram::learning
