#pragma once

#include <span>

#include "common/learning/quantization/quantized_model.hpp"

namespace fedgram::learning {

// Quantization-aware training: forward a value is what its code stands for, s (clamp(round(x / s) + z) - z), so the
// loss feels the rounding. Its derivative is 0 almost everywhere, so backward the rounding counts as the identity: the
// gradient passes where the value has a code of its own and is 0 where it was cut off, the straight-through estimator
// (Bengio et al. 2013, arXiv:1308.3432; Jacob et al. 2018, arXiv:1712.05877, section 3). The same bits on every CPU.

/// Activations, in place. They must be finite.
void fake_quantize(std::span<float> activations, const Quantizer& quantizer);
/// The gradient by `activations`, as they were before, from that by what they became; in place.
void pass_through(std::span<const float> activations, const Quantizer& quantizer, std::span<float> gradient);

/// Weights by as many equal parts as there are scales (symmetric_scales), in place. They must be finite.
void fake_quantize_weights(std::span<float> weights, std::span<const float> scales);
/// The gradient by `weights`, as they were before. Where the scales are theirs, all of it passes.
void pass_through_weights(std::span<const float> weights, std::span<const float> scales, std::span<float> gradient);

}  // namespace fedgram::learning
