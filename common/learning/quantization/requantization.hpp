#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "common/learning/quantization/quantized_model.hpp"

namespace fedgram::learning {

/// What a sum of a layer is multiplied by to become an output's code, in float32 and in this order. The engine and its
/// judge take it from here, since another order can give other bits.
[[nodiscard]] inline float requantization_multiplier(const Quantizer& input, float weight_scale,
                                                     const Quantizer& output)
{
    return (input.scale * weight_scale) / output.scale;
}

/// Of the channel.
[[nodiscard]] inline float requantization_multiplier(const QuantizedLayer& layer, std::size_t channel)
{
    return requantization_multiplier(layer.input, layer.weight_scales[layer.weight_scales.size() == 1 ? 0 : channel],
                                     layer.output);
}

/// Why a layer can't be computed exactly, or nothing: a multiplier that is no normal number, or a channel whose sum
/// could leave 32 bits in some order of its terms, (255 + zero point) sum |weight| + |bias|. "output 3: ...".
[[nodiscard]] std::optional<std::string> inexactness(const QuantizedLayer& layer);

/// The same of a residual's addition, of codes by these quantizers: what they stand for, added up, must be a finite
/// float32, and so must it by the output's scale.
[[nodiscard]] std::optional<std::string> inexactness(const Quantizer& body, const Quantizer& shortcut,
                                                     const Quantizer& output);

}  // namespace fedgram::learning
