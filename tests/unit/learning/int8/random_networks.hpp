#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/learning/int8/int8_network.hpp"
#include "common/learning/quantization/quantized_model.hpp"
#include "tests/support/float_batch.hpp"

namespace fedgram::learning {

[[nodiscard]] Model model_of(std::vector<spec::Layer> layers, Shape shape);

/// A built-in model as it is once its normalizations are folded into convolutions: without them.
[[nodiscard]] Model folded(const std::string& name, const Shape& shape);

/// How many scales the weights of a layer have.
enum class Scales { per_tensor, per_channel };

/// Weights from -127 to 127, biases, zero points and scales by chance; outputs are spread over the codes. Convolutions
/// without a bias get zeros.
[[nodiscard]] QuantizedModel random_quantized(const Model& model, Scales scales, std::uint64_t seed);

/// Floats that fill the codes of `input`, and go beyond on both sides.
[[nodiscard]] test::FloatBatch random_images(const Shape& shape, const Quantizer& input, std::size_t count,
                                             std::uint64_t seed);

/// One linear layer that gives each of its `values` inputs back, all scales 1, all zero points 0.
[[nodiscard]] QuantizedModel identity(std::uint32_t values);

/// The logits that the judge of engines gives, image by image.
[[nodiscard]] std::vector<float> judged_logits(const QuantizedModel& model, std::span<const float> images);

/// The logits by each usable instruction set, which must be the same.
[[nodiscard]] std::vector<float> logits_of(const QuantizedModel& model, std::span<const float> images);

}  // namespace fedgram::learning
