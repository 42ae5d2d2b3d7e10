#pragma once

#include <span>

#include "common/learning/quantization/quantized_model.hpp"
#include "common/learning/quantization/value_range.hpp"

namespace fedgram::learning {

/// A scale for a layer's whole weight, or one for each of its output channels.
enum class WeightScales { per_tensor, per_channel };

/// The model in int8. `ranges` are those of the network's input and then of each fused layer's output, as
/// `fused_layers` has them: one more than there are such layers. A bias is rounded half to even to units of input scale
/// x weight scale; a convolution without one has biases of 0. Where the largest of a scale's biases would be beyond
/// 2^30 of them, the weight scale is enlarged until it isn't: the weights are small against it then. Throws SpecError
/// for a model that has no int8 form, ranges that don't fit it, or a layer that can't be computed exactly; DataError
/// for a parameter or range that isn't finite.
[[nodiscard]] QuantizedModel quantize_model(const Model& model, std::span<const float> parameters,
                                            std::span<const ValueRange> ranges, WeightScales weight_scales);

}  // namespace fedgram::learning
