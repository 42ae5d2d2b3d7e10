#include "common/learning/pruning/mask.hpp"

#include <cassert>

namespace fedgram::learning {

bool is_prunable(const ParameterSlot& slot) { return slot.is_trained && slot.shape.size() >= 2; }

void Mask::apply(std::span<float> values) const
{
    assert(values.size() == kept_.size());
    // No product: 0 times a negative number is -0, and times an infinite one no number.
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = kept_[i] != 0 ? values[i] : 0.0F;
}

}  // namespace fedgram::learning
