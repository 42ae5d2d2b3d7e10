#pragma once

#include <map>
#include <span>
#include <string>

#include "common/learning/model/model.hpp"
#include "common/learning/quantization/quantized_model.hpp"

namespace fedgram::learning {

/// What else a reader of the file is to know, by key.
using OnnxNotes = std::map<std::string, std::string>;

/// A model of layers with these parameters as a file of ONNX: "input", [batch, channels, height, width], gives
/// "logits", [batch, classes]. The same model gives the same bytes. Throws SpecError that names a layer of a kind
/// that has no form in ONNX here; for a TorchScript model; for a file beyond 2 GiB, which ONNX's messages can't be.
[[nodiscard]] std::string onnx_model(const Model& model, std::span<const float> parameters,
                                     const OnnxNotes& notes = {});

/// The same of a model in int8, floats in and out: codes between QuantizeLinear and DequantizeLinear, which a runtime
/// makes integer operators of. Also throws what `fused_layers` throws.
[[nodiscard]] std::string onnx_model(const QuantizedModel& model, const OnnxNotes& notes = {});

}  // namespace fedgram::learning
