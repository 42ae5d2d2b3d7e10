#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/quantization/encoded_tensor.hpp"
#include "common/learning/quantization/quantized_model.hpp"

namespace fedgram::learning {

/// What a quantized model takes in a file or on a device, without the container's own. Only weights become a byte each,
/// so in all it is more than a fourth of float32.
struct QuantizedBytes {
    std::uint64_t weights = 0;
    std::uint64_t scales = 0;      ///< of weights, float32
    std::uint64_t biases = 0;      ///< int32
    std::uint64_t quantizers = 0;  ///< of activations, each a float32 and a zero point of a byte

    [[nodiscard]] std::uint64_t total() const { return weights + scales + biases + quantizers; }
};

[[nodiscard]] QuantizedBytes bytes_of(const QuantizedModel& model);

/// "input", then for each layer with weights "conv1.weight", "conv1.bias" and "conv1.output", and for each residual
/// "residual1.output", in the order of `all_layers`; `bytes_of` in all.
[[nodiscard]] std::vector<EncodedTensor> encode_quantized(const QuantizedModel& model);

/// What `encode_quantized` has made of a model with these layers. Throws DataError, by the tensor, for what it can't
/// have made; SpecError for a model that has no int8 form.
[[nodiscard]] QuantizedModel decode_quantized(const Model& model, std::span<const EncodedTensor> tensors);

}  // namespace fedgram::learning
