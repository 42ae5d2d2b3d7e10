#pragma once

#include <cstdint>
#include <span>

namespace fedgram::learning {

/// What a federated strategy adds to the gradient of each local step, at parameters w:
///
///     linear + proximal (w - origin)
///
/// the gradient of <linear, w> + (proximal / 2) ||w - origin||^2. It acts before momentum and weight decay.
///
/// Where the model is pruned, the batch's gradient is 0 before anything else sees it. A weight that is 0 and has no
/// gradient stays 0 by every optimizer, since its state is 0, too.
struct GradientCorrection {
    std::span<const float> linear{};  ///< of the model's size; empty: none
    double proximal = 0;
    std::span<const float> origin{};  ///< of the model's size, where `proximal` isn't 0
    std::span<const std::uint8_t>
        kept{};  ///< of the model's size, 0 where a parameter is pruned and else 1; empty: none is

    [[nodiscard]] bool is_none() const { return linear.empty() && proximal == 0 && kept.empty(); }
};

}  // namespace fedgram::learning
