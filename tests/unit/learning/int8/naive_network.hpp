#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "common/learning/int8/int8_network.hpp"
#include "common/learning/quantization/quantized_model.hpp"
#include "tests/support/float_batch.hpp"

namespace fedgram::learning {

/// The logits of one image by plain loops over codes and sums of 64 bits, layer by layer.
[[nodiscard]] std::vector<float> naive_logits(const QuantizedModel& model, std::span<const float> image);

[[nodiscard]] Model model_of(std::vector<spec::Layer> layers, Shape shape);

/// How many scales the weights of a layer have.
enum class Scales { per_tensor, per_channel };

/// Weights from -127 to 127, biases, zero points and scales by chance; outputs are spread over the codes.
[[nodiscard]] QuantizedModel random_quantized(const Model& model, Scales scales, std::uint64_t seed);

/// Floats that fill the codes of `input`, and go beyond on both sides.
[[nodiscard]] test::FloatBatch random_images(const Shape& shape, const Quantizer& input, std::size_t count,
                                             std::uint64_t seed);

/// One linear layer that gives each of its `values` inputs back, all scales 1, all zero points 0.
[[nodiscard]] QuantizedModel identity(std::uint32_t values);

/// The logits by each usable instruction set, which must be the same.
[[nodiscard]] std::vector<float> logits_of(const QuantizedModel& model, std::span<const float> images);

}  // namespace fedgram::learning
