#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/quantization/quantized_model.hpp"

namespace fedgram::learning {

/// The codes that each layer of an int8 model gives for one sample, in the order of `all_layers`, in plain loops with
/// sums of 64 bits: the judge of an engine, which must give the same codes.
///
/// A sum, sum (code - input's zero point) x weight + bias, becomes float32 (rounded half to even), times
/// requantization_multiplier, rounded half to even, plus the output's zero point, cut to 0 and 255. A ReLU cuts what it
/// gets at the zero point, a ReLU6 also at the code of 6. A padded pixel is the input's zero point. An average is the
/// sum of codes by their number, exact and rounded half to even. Of an addition both codes become reals, scale x (code
/// - zero point), and their sum a code of its own quantizer, each operation in float32.
[[nodiscard]] std::vector<std::vector<std::uint8_t>> reference_int8_codes(const QuantizedModel& model,
                                                                          std::span<const float> sample);

/// What the last layer's codes stand for.
[[nodiscard]] std::vector<float> reference_int8_logits(const QuantizedModel& model, std::span<const float> sample);

}  // namespace fedgram::learning
