#pragma once

#include <string>

#include "common/learning/onnx/graph_writer.hpp"
#include "common/spec/layer.hpp"

namespace fedgram::learning::onnx {

// What a layer is in ONNX whether its numbers are floats or codes.

/// Of a convolution's operator.
[[nodiscard]] Attributes attributes_of(const spec::Conv2d& conv);
/// Of a pooling's operator.
[[nodiscard]] Attributes attributes_of(const spec::MaxPool2d& pool);
[[nodiscard]] Attributes attributes_of(const spec::AvgPool2d& pool);
/// Of Gemm, whose weight is [outputs][inputs].
[[nodiscard]] Attributes attributes_of(const spec::Linear& linear);
/// Of Flatten: all but the batch becomes one dimension.
[[nodiscard]] Attributes attributes_of(const spec::Flatten& flatten);

/// Throws SpecError for a model that isn't a list of layers.
void require_layers(const Model& model);

/// Throws SpecError that names a layer of a kind that has no form in ONNX here.
[[noreturn]] void refuse_kind(const LayerInfo& layer);

}  // namespace fedgram::learning::onnx
