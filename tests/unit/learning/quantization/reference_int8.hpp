#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/quantization/quantized_model.hpp"

namespace fedgram::learning {

/// The codes that each layer of an int8 model gives for one sample, in plain loops with sums of 64 bits: the judge of
/// an engine, which must give the same codes. A ReLU gives those of the layer that it is behind.
///
/// A sum, sum (code - input's zero point) x weight + bias, becomes float32 (rounded half to even), times
/// requantization_multiplier, rounded half to even, plus the output's zero point, cut to 0 and 255, behind a ReLU to
/// the zero point and 255. A padded pixel is the input's zero point. An average is the sum of codes by their number,
/// exact and rounded half to even.
[[nodiscard]] std::vector<std::vector<std::uint8_t>> reference_int8_codes(const QuantizedModel& model,
                                                                          std::span<const float> sample);

/// What the last layer's codes stand for.
[[nodiscard]] std::vector<float> reference_int8_logits(const QuantizedModel& model, std::span<const float> sample);

}  // namespace fedgram::learning
