#include "common/learning/quantization/requantization.hpp"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>

#include "common/text/number_text.hpp"

namespace fedgram::learning {

std::optional<std::string> inexactness(const QuantizedLayer& layer)
{
    const std::size_t terms = layer.weights.size() / layer.biases.size();
    for (std::size_t channel = 0; channel < layer.biases.size(); ++channel) {
        const std::string output = "output " + std::to_string(channel) + ": ";
        if (const float multiplier = requantization_multiplier(layer, channel); !std::isnormal(multiplier))
            return output + "its sums would be multiplied by " + text::shortest(static_cast<double>(multiplier)) +
                   " to become codes, which must be a normal float32";
        std::int64_t magnitudes = 0;
        for (std::size_t i = 0; i < terms; ++i) magnitudes += std::abs(layer.weights[channel * terms + i]);
        const std::int64_t most =
            (255 + std::int64_t{layer.input.zero_point}) * magnitudes + std::abs(std::int64_t{layer.biases[channel]});
        if (most > std::numeric_limits<std::int32_t>::max())
            return output + "its sums could reach " + std::to_string(most) + ", beyond the " +
                   std::to_string(std::numeric_limits<std::int32_t>::max()) + " of 32 bits; use fewer inputs";
    }
    return std::nullopt;
}

std::optional<std::string> inexactness(const Quantizer& body, const Quantizer& shortcut, const Quantizer& output)
{
    constexpr float most_steps = 255;  // of a scale, from the zero point
    const float most = most_steps * body.scale + most_steps * shortcut.scale;
    if (std::isfinite(most / output.scale)) return std::nullopt;
    return "its sums could reach " + text::shortest(static_cast<double>(most)) + ", which by the scale " +
           text::shortest(static_cast<double>(output.scale)) + " is beyond float32";
}

}  // namespace fedgram::learning
