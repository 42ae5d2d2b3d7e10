#include "common/learning/weight_sharing/predicted_size.hpp"

#include <cmath>

namespace fedgram::learning {

PredictedBits predicted_bits(const TensorForecast& tensor, std::optional<HuffmanBits> huffman)
{
    const auto bits = huffman.value_or(HuffmanBits{.weight = static_cast<double>(tensor.weight_bits),
                                                   .index = static_cast<double>(tensor.index_bits)});
    const auto kept = static_cast<double>(tensor.weights) * tensor.density;
    const auto filled = std::pow(1 - tensor.density, std::exp2(tensor.index_bits));
    const auto entries = kept == 0 ? 0 : kept / (1 - filled);
    return {.codes = entries * bits.weight,
            .indices = entries * bits.index,
            .codebook = 32 * std::exp2(tensor.weight_bits)};
}

}  // namespace fedgram::learning
