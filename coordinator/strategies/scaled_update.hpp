#pragma once

#include <span>
#include <vector>

#include "coordinator/strategies/trained_parts.hpp"

namespace fedgram::coordinator {

/// The update at `scale` times its difference to the model, in the trained parts. Throws SystemError where that leaves
/// what a sum can hold.
[[nodiscard]] std::vector<float> scaled_update(std::span<const float> model, std::span<const float> update,
                                               double scale, const TrainedParts& parts);

}  // namespace fedgram::coordinator
