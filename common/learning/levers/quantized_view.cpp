#include "common/learning/levers/quantized_view.hpp"

#include <algorithm>

#include "common/learning/quantization/fake_quantization.hpp"
#include "common/learning/quantization/symmetric_codes.hpp"

namespace fedgram::learning {

void QuantizedView::apply(std::span<const float> parameters, std::span<float> weights) const
{
    std::ranges::copy(parameters, weights.begin());
    if (mask_ != nullptr) mask_->apply(weights);
    for (const auto& slot : table_.slots) {
        if (!is_prunable(slot)) continue;
        const auto values = weights.subspan(slot.offset, slot.size);
        const auto parts = per_channel_ ? static_cast<std::size_t>(slot.shape.front()) : 1;
        fake_quantize_weights(values, symmetric_scales(values, parts));
    }
}

// All of the gradient passes, since the scales are those of the weights themselves.
void QuantizedView::pull_back(std::span<const float>, std::span<float> gradient) const
{
    if (mask_ != nullptr) mask_->apply(gradient);
}

}  // namespace fedgram::learning
